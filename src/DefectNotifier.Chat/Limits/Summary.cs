using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Chat.Limits;

/// <summary>A message in one short line, as a phone shows it in a notification: the heading, and of project and severity what it does not say already.</summary>
internal static class Summary
{
    /// <summary>Longer than any phone shows; a heading of this length is not cut.</summary>
    private const int MaxHeading = 200;

    public static string Of(MessageDocument document)
    {
        var words = FirstLine(document.Blocks.Where(block => block is HeadingBlock)) ?? FirstLine(document.Blocks.Where(block => block is not HeadingBlock));
        return Of(words ?? "", document.Labels);
    }

    /// <param name="heading">The message's most important words; cut where they are long.</param>
    /// <param name="labels">What is added where the heading does not say it.</param>
    public static string Of(string heading, IEnumerable<string> labels)
    {
        var line = GraphemeText.Cut(heading.ReplaceLineEndings(" ").Trim(), MaxHeading);
        return string.Join(" · ", labels.Where(label => !line.Contains(label, StringComparison.OrdinalIgnoreCase)).Prepend(line).Where(part => part.Length > 0));
    }

    private static string? FirstLine(IEnumerable<MessageBlock> blocks) => blocks.Select(PlainText.Line).FirstOrDefault(line => line.Length > 0);
}
