using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Worker.Settings;
using DefectNotifier.Worker.Terminal;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Linting;

/// <summary>Renders every template for both platforms with every shape that events come in.</summary>
/// <param name="settings">Where the templates are and what they are fed with.</param>
/// <param name="sources">All templates.</param>
/// <param name="reach">What the routes ask for.</param>
/// <param name="time">The clock.</param>
internal sealed class TemplateRenderCheck(NotifierSettings settings, IReadOnlyList<TemplateSource> sources, TemplateReach reach, TimeProvider time)
{
    /// <summary>A template that takes so long runs away; it is not tried again with the next event.</summary>
    private static readonly TimeSpan TooLong = TimeSpan.FromMilliseconds(250);

    private readonly MessageRenderer _renderer = new(
        TemplateStore.Load(settings.Templates, NullLogger<TemplateStore>.Instance), [new SlackMessageFormatter(), new TeamsMessageFormatter()], settings.Qase, time);

    private readonly long _start = time.GetTimestamp();

    /// <summary>How many messages were made.</summary>
    public int Count { get; private set; }

    /// <param name="limit">What it may take altogether.</param>
    public List<Finding> Run(TimeSpan limit)
    {
        var findings = new List<Finding>();
        foreach (var (set, name) in Targets())
        {
            foreach (var platform in (ChatPlatform[])[ChatPlatform.Slack, ChatPlatform.Teams])
            {
                if (!Try(set, name, platform, limit, findings))
                {
                    findings.Add(FindingCode.Unfinished.At(settings.Templates.Path, $"Not every template was tried with every event: that took longer than {TimeText.Of(limit)}.", "Templates that loop over much take long: make them shorter."));
                    return findings;
                }
            }
        }

        return findings;
    }

    private IEnumerable<(string? Set, string Name)> Targets() => reach.Sets.Select(name => (string?)name).Prepend(null)
        .SelectMany(set => NamesIn(set).Select(name => (set, name)));

    // The program's own copies are known to be good, unless a piece that they include was changed.
    private IEnumerable<string> NamesIn(string? set)
    {
        var own = sources.Where(source => !source.IsBuiltIn && source.Text is not null && string.Equals(TemplateReach.Read(source.Folder).Set, set, StringComparison.OrdinalIgnoreCase)).ToList();
        var all = own.Exists(source => source.IsPiece)
            ? sources.Where(source => TemplateReach.Read(source.Folder).Set is not { } other || string.Equals(other, set, StringComparison.OrdinalIgnoreCase))
            : own;
        return all.Where(source => !source.IsPiece).Select(source => source.BareName).Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private bool Try(string? set, string name, ChatPlatform platform, TimeSpan limit, List<Finding> findings)
    {
        foreach (var shape in EventShapes.All.Where(shape => IsMeantFor(shape, name)))
        {
            if (time.GetElapsedTime(_start) >= limit) return false;
            var began = time.GetTimestamp();
            var request = new RenderRequest { Event = shape.Event with { Name = name }, Defect = shape.Defect, ReceivedAt = time.GetUtcNow(), Platform = platform, TemplateSet = set };
            var result = _renderer.Render(request);
            Count++;
            findings.AddRange(Judge(result, shape, platform, set, name).ToList().Where(finding => !findings.Exists(known => (known.Code, known.Place) == (finding.Code, finding.Place))));
            if (result.Error is not null && time.GetElapsedTime(began) >= TooLong) return true;
        }

        return true;
    }

    // What the service tells of itself has a payload of its own, and other templates never see it.
    private static bool IsMeantFor(EventShape shape, string name) =>
        shape.Event.Name.StartsWith("notifier.", StringComparison.Ordinal) ? string.Equals(shape.Event.Name, name, StringComparison.OrdinalIgnoreCase)
        : !name.StartsWith("notifier.", StringComparison.OrdinalIgnoreCase) || !shape.IsUsual;

    private IEnumerable<Finding> Judge(RenderResult result, EventShape shape, ChatPlatform platform, string? set, string name)
    {
        if (result.Error is { } error)
        {
            var isNothing = error is { Line: 0 } && error.Message.StartsWith("The template wrote nothing", StringComparison.Ordinal);
            var place = TemplatePlace.Of(settings.Templates.Path, error.Template, error.Line, error.Column);
            yield return isNothing
                ? FindingCode.RendersNothing.At(place, $"With the event '{shape.Name}' it writes nothing, so the plain message would go out.", "Write at least one line that is always there.")
                : FindingCode.RenderError.At(place, $"With the event '{shape.Name}' it fails for {platform}: {error.Message.TrimEnd('.')}.", error.Template.EndsWith(".json.sbn", StringComparison.OrdinalIgnoreCase) ? "Until it is mended the Markdown template stands in." : "Until it is mended the plain message goes out.");
        }

        // What is unusual makes warnings that are not the template's: an address that is none.
        if (!shape.IsUsual) yield break;
        foreach (var warning in reach.Asks(platform) ? result.Warnings : [])
            yield return FindingCode.RenderWarning.At(TemplatePlace.Of(settings.Templates.Path, warning.Template, warning.Line, warning.Column), $"For {platform}: {warning.Message}");
        if (!IsShortened(result.Message)) yield break;
        yield return FindingCode.Shortened.At(TemplatePlace.Of(settings.Templates.Path, FileOf(set, name, platform), 0, 0), $"With the event '{shape.Name}' the message is too long for {platform} and is cut.", "Cut long values yourself: {{ defect.actual_result | truncate 300 }}.");
    }

    // What was cut ends with an ellipsis; the event and the template may have some of their own.
    private static bool IsShortened(ChatMessage message)
    {
        if (message.Text is not { } whole) return false;
        var shown = message.Platform == ChatPlatform.Slack ? SlackTextView.Render(message.Json) : TeamsTextView.Render(message.Json);
        return Ellipses(shown) > Ellipses(whole);
    }

    private static int Ellipses(string text) => text.Count(letter => letter == Graphemes.Ellipsis);

    private string FileOf(string? set, string name, ChatPlatform platform) => sources
        .Where(source => string.Equals(source.BareName, name, StringComparison.OrdinalIgnoreCase))
        .Select(source => (source, place: TemplateReach.Read(source.Folder)))
        .Where(one => (one.place.Platform is null || one.place.Platform == platform) && (one.place.Set is null || string.Equals(one.place.Set, set, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(one => one.source.IsBuiltIn).ThenBy(one => one.place.Set is null).ThenBy(one => one.place.Platform is null)
        .Select(one => one.source.Name).First();
}
