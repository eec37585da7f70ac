using DefectNotifier.Chat;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Linting;

/// <summary>Renders every template for all platforms with every event shape.</summary>
internal sealed class TemplateRenderCheck(
    NotifierSettings settings, IReadOnlyList<TemplateSource> sources, TemplateUsage usage, TimeProvider time)
{
    /// <summary>A template that fails after this time probably loops without end; it is not rendered with the remaining shapes.</summary>
    private static readonly TimeSpan SlowFailure = TimeSpan.FromMilliseconds(250);

    private readonly MessageRenderer _renderer = new(
        TemplateStore.Load(settings.Templates, NullLogger<TemplateStore>.Instance),
        PlatformFormats.Formatters,
        settings.Qase,
        time);

    private readonly long _start = time.GetTimestamp();

    public int MessageCount { get; private set; }

    public List<Finding> Run(TimeSpan maxTime)
    {
        var findings = new List<Finding>();
        foreach (var (set, name) in Targets())
        {
            foreach (var platform in ChatPlatforms.All)
            {
                if (Render(set, name, platform, maxTime, findings)) continue;
                findings.Add(FindingCode.Unfinished.At(
                    settings.Templates.Path,
                    $"Not every template was rendered with every event: it took longer than {TimeText.Of(maxTime)}.",
                    "Shorten templates that loop over large lists."));
                return findings;
            }
        }

        return findings;
    }

    private IEnumerable<(string? Set, string Name)> Targets() =>
        usage.Sets.Select(name => (string?)name).Prepend(null).SelectMany(set => NamesIn(set).Select(name => (set, name)));

    // A changed piece changes the templates that may include it: those without a set too, but a built-in one only when the piece, or
    // another one that can be used together with it, replaces a built-in piece.
    private IEnumerable<string> NamesIn(string? set)
    {
        var own = sources
            .Where(source => !source.IsBuiltIn && source.Text is not null && IsSame(TemplateUsage.Read(source.Folder).Set, set))
            .ToList();
        var all = own;
        if (own.Exists(source => source.IsPiece))
        {
            all = [.. sources.Where(source => TemplateUsage.Read(source.Folder).Set is not { } other || IsSame(other, set))];
            var replaced = all.Where(source => source.IsPiece).GroupBy(source => source.BareName, StringComparer.OrdinalIgnoreCase)
                .Any(named => named.Any(source => source.IsBuiltIn) && named.Any(source => !source.IsBuiltIn));
            if (!replaced) all.RemoveAll(source => source.IsBuiltIn);
        }

        return all.Where(source => !source.IsPiece).Select(source => source.BareName).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    // False when the time is up.
    private bool Render(string? set, string name, ChatPlatform platform, TimeSpan maxTime, List<Finding> findings)
    {
        var shapes = EventShapes.All.Where(shape => IsFor(shape, name)).ToList();
        // A reply is about a known defect or a digest, and only Slack has threads.
        var replies = platform == ChatPlatform.Slack ? shapes.Where(shape => shape.Defect is not null || shape.Digest is not null) : [];
        foreach (var (shape, isReply) in shapes.Select(shape => (shape, false)).Concat(replies.Select(shape => (shape, true))))
        {
            if (time.GetElapsedTime(_start) >= maxTime) return false;
            var began = time.GetTimestamp();
            var result = _renderer.Render(new RenderRequest
            {
                Event = shape.Event with { Name = name },
                Defect = shape.Defect,
                Digest = shape.Digest,
                DigestPage = isReply && shape.Digest is not null ? 1 : 0,
                ReceivedAt = time.GetUtcNow(),
                Platform = platform,
                TemplateSet = set,
                IsReply = isReply,
            });
            MessageCount++;
            foreach (var finding in FindingsOf(result, shape, platform, set, name))
            {
                if (!findings.Exists(known => (known.Code, known.Place) == (finding.Code, finding.Place))) findings.Add(finding);
            }

            if (result.Error is not null && time.GetElapsedTime(began) >= SlowFailure) return true;
        }

        return true;
    }

    // Digests and the service's own notices have values that are empty in other templates.
    private static bool IsFor(EventShape shape, string name)
    {
        if (OwnEvents.IsDigest(name) || shape.Digest is not null) return OwnEvents.IsDigest(name) && shape.Digest is not null;
        return OwnEvents.IsNotice(shape.Event.Name)
            ? IsSame(shape.Event.Name, name)
            : !OwnEvents.IsNotice(name) || !shape.IsTypical;
    }

    private IEnumerable<Finding> FindingsOf(RenderResult result, EventShape shape, ChatPlatform platform, string? set, string name)
    {
        if (result.Error is { } error) yield return FindingOf(error, shape, platform);
        // An atypical event causes warnings that are not the template's fault, such as one for an invalid link.
        if (!shape.IsTypical) yield break;
        foreach (var warning in usage.UsesPlatform(platform) ? result.Warnings : [])
        {
            yield return FindingCode.RenderWarning.At(PlaceOf(warning), $"For {platform}: {warning.Message}");
        }

        if (!IsShortened(result.Message)) yield break;
        yield return FindingCode.Shortened.At(
            TemplatePlace.Of(settings.Templates.Path, FileOf(set, name, platform), 0, 0),
            $"With the event '{shape.Name}' the message is too long for {platform} and is shortened.",
            "Shorten long values in the template: {{ defect.actual_result | truncate 300 }}.");
    }

    private Finding FindingOf(RenderError error, EventShape shape, ChatPlatform platform)
    {
        if (error.IsEmptyMessage)
        {
            return FindingCode.RendersNothing.At(
                PlaceOf(error),
                $"With the event '{shape.Name}' it writes nothing, so the plain message would be sent.",
                "Write at least one line without a condition.");
        }

        var message = $"With the event '{shape.Name}' it fails for {platform}: {error.Message.TrimEnd('.')}.";
        return FindingCode.RenderError.At(PlaceOf(error), message, error.Template.EndsWith(".json.sbn", StringComparison.OrdinalIgnoreCase)
            ? "Until it is fixed, the Markdown template is used."
            : "Until it is fixed, the plain message is sent.");
    }

    private string PlaceOf(RenderError error) => TemplatePlace.Of(settings.Templates.Path, error.Template, error.Line, error.Column);

    // A shortened text ends with an ellipsis; the event and the template may contain ellipses of their own.
    private static bool IsShortened(ChatMessage message)
    {
        if (message.Text is not { } whole) return false;
        return Ellipses(PlatformFormats.Read(message.Platform, message.Json).ToString()) > Ellipses(whole);
    }

    private static int Ellipses(string text) => text.Count(letter => letter == Graphemes.Ellipsis);

    // The file that is used for a message: a set before the common templates, a platform before Markdown.
    private string FileOf(string? set, string name, ChatPlatform platform) => sources
        .Where(source => IsSame(source.BareName, name))
        .Select(source => (Source: source, Place: TemplateUsage.Read(source.Folder)))
        .Where(one => one.Place.Platform is null || one.Place.Platform == platform)
        .Where(one => one.Place.Set is null || IsSame(one.Place.Set, set))
        .OrderBy(one => one.Source.IsBuiltIn).ThenBy(one => one.Place.Set is null).ThenBy(one => one.Place.Platform is null)
        .Select(one => one.Source.Name).First();

    private static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
