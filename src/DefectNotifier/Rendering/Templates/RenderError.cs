using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>An error or a warning of a template, with its location.</summary>
/// <param name="Template">The template's name, for example <c>finance/defect.created.sbn</c>.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
/// <param name="Column">From 1; 0 when unknown.</param>
/// <param name="Message">What is wrong.</param>
public sealed record RenderError(string Template, int Line, int Column, string Message)
{
    private const int MaxMessage = 300;

    /// <summary>One clean line: Scriban's messages quote values from outside, and this goes into logs and chat messages.</summary>
    public string Message { get; } = Graphemes.Truncate(TextCleaning.Clean(Message).Replace('\n', ' '), MaxMessage);

    /// <summary>True when the template ran without an error, but its message would be empty.</summary>
    public bool IsEmptyMessage { get; private init; }

    /// <summary>True when the template exceeded the time or the memory of a run.</summary>
    public bool IsExhausted { get; init; }

    /// <summary>The file, with line and column when they are known.</summary>
    public string Location => Line > 0 ? $"{Template}:{Line}:{Column}" : Template;

    public static RenderError EmptyMessage(string template) =>
        new(template, 0, 0, "The template wrote nothing.") { IsEmptyMessage = true };

    public override string ToString() => $"{Location}: {Message}";
}
