using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering;

/// <summary>The message that is sent when a template fails. It is made without a template, so it cannot fail itself.</summary>
internal static class PlainMessage
{
    private const int MaxText = 700;

    public static List<MessageBlock> Of(RenderRequest request, QaseOptions qase, RenderError error)
    {
        var blocks = request.Digest is { } digest ? Of(digest, request.DigestPage, qase) : Of(request.Event, qase);
        blocks.Add(new NoteBlock(Text($"The template failed, so this is the plain message. {error}")));
        return blocks;
    }

    private static List<MessageBlock> Of(DefectEvent defectEvent, QaseOptions qase)
    {
        var blocks = new List<MessageBlock> { new HeadingBlock(1, [new MessageInline(Heading(defectEvent))]) };
        if (defectEvent.Title is { } title) blocks.Add(new ParagraphBlock(Text(title)));
        if (defectEvent.Severity is { } severity) blocks.Add(new ParagraphBlock(Text("Severity: " + severity.Label)));
        if (defectEvent.ActualResult is { } result) blocks.Add(new QuoteBlock(Text(result)));
        if (qase.LinkOf(defectEvent) is { } url) blocks.Add(new ButtonsBlock([new LinkButton("Open in Qase", url)]));
        return blocks;
    }

    // A reply lists its defects, the message itself the groups.
    private static List<MessageBlock> Of(DigestContents digest, int page, QaseOptions qase)
    {
        var lines = page > 0
            ? DigestWords.DefectsOf(digest, page).Select(DigestWords.Line)
            : digest.Groups.Select(DigestWords.Line);
        return
        [
            new HeadingBlock(1, [new MessageInline(DigestWords.Heading(digest))]),
            new ListBlock([.. lines.Select(line => new ListItem(0, Number: null, Text(line)))]),
            new ButtonsBlock([.. digest.Projects.Select(project => qase.ListLinkOf(project.ProjectCode) is { } url
                ? new LinkButton(digest.ProjectCount > 1 ? $"{DigestWords.CodeOf(project.ProjectCode)} in Qase" : "Open in Qase", url)
                : null).OfType<LinkButton>()]),
        ];
    }

    private static string Heading(DefectEvent defectEvent)
    {
        var subject = defectEvent.SubjectId is { } id ? $" {id}" : "";
        var project = defectEvent.ProjectCode is { } code ? $" · {TextCleaning.Clean(code)}" : "";
        return Graphemes.Truncate((TextCleaning.Clean(defectEvent.Name) + subject + project).Replace('\n', ' '), 150);
    }

    private static IReadOnlyList<MessageInline> Text(string text) =>
        [new MessageInline(Graphemes.Truncate(TextCleaning.Clean(text), MaxText))];
}
