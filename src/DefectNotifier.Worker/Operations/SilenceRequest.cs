using System.Text.Json.Serialization;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using Known = DefectNotifier.Events.Severity;

namespace DefectNotifier.Worker.Operations;

/// <summary>A silence to add. An event must match all matchers; of a list, one entry.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SilenceRequest
{
    /// <summary>The names of the members, for error messages.</summary>
    public const string Members =
        "project, event, severity, title (lists), minSeverity, allProjects, from, until, for, by, why and discard";

    private const int MaxText = 500;

    private static readonly TimeSpan MaxLength = TimeSpan.FromDays(30);

    /// <summary>Globs on the project code.</summary>
    public IReadOnlyList<string>? Project { get; init; }

    /// <summary>Globs on the event name, for example defect.*.</summary>
    public IReadOnlyList<string>? Event { get; init; }

    /// <summary>Severities.</summary>
    public IReadOnlyList<string>? Severity { get; init; }

    /// <summary>The mildest severity that matches.</summary>
    public string? MinSeverity { get; init; }

    /// <summary>Globs on the title, for example timeout*.</summary>
    public IReadOnlyList<string>? Title { get; init; }

    /// <summary>True is required for a silence without a matcher, which matches every event. Default false.</summary>
    public bool AllProjects { get; init; }

    /// <summary>When it starts, for example 2026-03-14T15:00:00Z. Default: now.</summary>
    public string? From { get; init; }

    /// <summary>When it ends, at most 30 days after its start; in place of for.</summary>
    public string? Until { get; init; }

    /// <summary>How long it lasts, for example 2h; at most 30 days.</summary>
    public string? For { get; init; }

    /// <summary>Who asks for it.</summary>
    public string? By { get; init; }

    /// <summary>The reason.</summary>
    public string? Why { get; init; }

    /// <summary>True: matching messages are discarded. Default false: they are sent as a digest when the silence ends.</summary>
    public bool Discard { get; init; }

    /// <summary>The silence, or the first error.</summary>
    public AdminResult<Silence> Read(DateTimeOffset now)
    {
        var reader = new FilterReader(now, "invalid-silence");
        var startsAt = reader.Time(From, "from") is { } from && from > now ? from : now;
        var silence = new Silence
        {
            ProjectCodes = Texts(reader, Project, "project"),
            Events = Texts(reader, Event, "event"),
            Severities = Texts(reader, Severity, "severity"),
            MinSeverity = Ranked(reader),
            Titles = Texts(reader, Title, "title"),
            StartsAt = startsAt,
            EndsAt = EndOf(reader, startsAt),
            By = Text(reader, By, "by", "Who asks for the silence?"),
            Why = Text(reader, Why, "why", "What is the reason?"),
            IsDiscarding = Discard,
        };
        if (silence.EndsAt <= now) reader.AddError(Until is null ? "for" : "until", "The silence would end in the past.");
        if (silence.EndsAt <= startsAt) reader.AddError("from", "The silence would end before it starts.");
        if (silence.EndsAt - startsAt > MaxLength)
            reader.AddError(Until is null ? "for" : "until", $"A silence lasts at most {MaxLength.TotalDays:0} days.");
        if (silence.HasNoMatcher && !AllProjects)
            reader.AddError(
                "allProjects",
                "It would match every event. Add a matcher (project, event, severity, minSeverity, title), or pass allProjects.");
        return reader.Problem is { } problem ? problem : silence;
    }

    private DateTimeOffset EndOf(FilterReader reader, DateTimeOffset startsAt)
    {
        if (Until is not null == For is not null) reader.AddError("for", "Pass either a duration (for) or an end (until).");
        if (reader.Time(Until, "until") is { } until) return until;
        if (For is not null && DurationText.TryParse(For.Trim(), out var length) && length > TimeSpan.Zero)
            return length < DateTimeOffset.MaxValue - startsAt ? startsAt + length : DateTimeOffset.MaxValue;
        reader.AddError("for", "Must be a duration such as 2h or 30m.");
        return DateTimeOffset.MaxValue;
    }

    private string? Ranked(FilterReader reader)
    {
        if (MinSeverity?.Trim() is not { } text) return null;
        if (!Known.TryParseKnown(text, out var severity) || severity.Rank is null)
            reader.AddError("minSeverity", "Must be one of blocker, critical, major, normal, minor, trivial.");
        return text;
    }

    // JSON can contain null although the type does not allow it.
    private static IReadOnlyList<string> Texts(FilterReader reader, IReadOnlyList<string?>? texts, string parameter)
    {
        if (texts?.Any(text => string.IsNullOrWhiteSpace(text) || text.Length > MaxText) == true)
            reader.AddError(parameter, $"An entry is empty or longer than {MaxText} characters.");
        return [.. (texts ?? []).OfType<string>().Select(text => text.Trim())];
    }

    private static string Text(FilterReader reader, string? text, string parameter, string question)
    {
        if (string.IsNullOrWhiteSpace(text)) reader.AddError(parameter, $"{question} This is required.");
        else if (text.Length > MaxText) reader.AddError(parameter, $"Must have at most {MaxText} characters.");
        return text?.Trim() ?? "";
    }
}
