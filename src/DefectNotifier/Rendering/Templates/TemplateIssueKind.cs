namespace DefectNotifier.Rendering.Templates;

/// <summary>What can be wrong with a template's text, seen without running it.</summary>
public enum TemplateIssueKind
{
    /// <summary>It is no Scriban.</summary>
    Syntax,

    /// <summary>A <c>{{</c> without its <c>}}</c>, which would swallow what follows.</summary>
    UnclosedTag,

    /// <summary>A <c>}}</c> without its <c>{{</c>, or a value between single braces: both would be shown as they are written.</summary>
    StrayBrace,

    /// <summary>A value that is never there.</summary>
    UnknownName,

    /// <summary>A helper that does not exist.</summary>
    UnknownFunction,

    /// <summary>Too few or too many arguments for a helper.</summary>
    WrongArguments,

    /// <summary>An include of a template that does not exist.</summary>
    UnknownInclude,

    /// <summary>A template that includes itself, perhaps by way of others.</summary>
    IncludeCycle,

    /// <summary>A mention of somebody whom the configuration does not name.</summary>
    UnknownMention,
}
