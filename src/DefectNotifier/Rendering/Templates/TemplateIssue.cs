namespace DefectNotifier.Rendering.Templates;

/// <summary>One thing that is wrong with a template's text.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="File">The template's name, for example <c>finance/defect.created.sbn</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
public sealed record TemplateIssue(TemplateIssueKind Kind, string File, int Line, int Column, string Message)
{
    /// <summary>The word that is not known; null where it is no matter of words.</summary>
    public string? Word { get; init; }

    /// <summary>The words that could have been meant.</summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];
}
