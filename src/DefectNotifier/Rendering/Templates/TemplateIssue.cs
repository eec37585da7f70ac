namespace DefectNotifier.Rendering.Templates;

/// <summary>A problem in a template's text, found without running the template.</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="File">The template's name, for example <c>finance/defect.created.sbn</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong, as a sentence.</param>
public sealed record TemplateIssue(TemplateIssueKind Kind, string File, int Line, int Column, string Message)
{
    /// <summary>The unknown name; null when the problem is not an unknown name.</summary>
    public string? Word { get; init; }

    /// <summary>The known names, for a suggestion.</summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];
}

/// <summary>The kinds of problems in a template's text.</summary>
public enum TemplateIssueKind
{
    /// <summary>The text is not valid Scriban.</summary>
    Syntax,

    /// <summary>A <c>{{</c> without its <c>}}</c>, which would take the following text as code.</summary>
    UnclosedTag,

    /// <summary>A <c>}}</c> without its <c>{{</c>, or a value between single braces: both would be shown as text.</summary>
    StrayBrace,

    /// <summary>A value that does not exist.</summary>
    UnknownName,

    /// <summary>A helper that does not exist.</summary>
    UnknownFunction,

    /// <summary>Too few or too many arguments for a helper.</summary>
    WrongArguments,

    /// <summary>An include of a template that does not exist.</summary>
    UnknownInclude,

    /// <summary>A template that includes itself, directly or through others.</summary>
    IncludeCycle,

    /// <summary>A mention of a name that the settings do not contain.</summary>
    UnknownMention,

    /// <summary>A date format of another language, or with confused letters.</summary>
    DateFormat,

    /// <summary>Markup that only another platform or tool reads.</summary>
    ForeignMarkup,

    /// <summary>A comparison with a word that is not a possible value.</summary>
    UnknownWord,

    /// <summary>Two files whose names differ only by case.</summary>
    SameName,
}
