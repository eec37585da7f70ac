using DefectNotifier.Events;
using DefectNotifier.Routing;

namespace DefectNotifier.Outbox.Contract;

/// <summary>What a digest shows: each defect once, with its current state.</summary>
public sealed record DigestContents
{
    /// <summary>At most this many groups are listed; the others are only counted. This many fit even with long titles.</summary>
    public const int MaxGroups = 15;

    /// <summary>At most this many defects of a group are listed.</summary>
    public const int MaxGroupDefects = 3;

    /// <summary>At most this many projects are listed: each is a button, and Teams shows six.</summary>
    public const int MaxProjects = 5;

    /// <summary>At most this many defects are listed in the thread: five replies of <see cref="ReplySize"/>.</summary>
    public const int MaxDefects = 5 * ReplySize;

    /// <summary>The maximum number of defects in one reply.</summary>
    public const int ReplySize = 40;

    public required DigestCause Cause { get; init; }

    /// <summary>The silence that deferred its deliveries; null: none.</summary>
    public SilenceNote? Silence { get; init; }

    /// <summary>The number of events.</summary>
    public required int Events { get; init; }

    /// <summary>The number of defects, and of events without a defect.</summary>
    public required int Count { get; init; }

    /// <summary>How many of these are events without a defect.</summary>
    public int WithoutDefect { get; init; }

    /// <summary>When the oldest event was accepted.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the latest event was accepted.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>
    /// Groups with open defects first, then by severity, then by size. At most <see cref="MaxGroups"/>.
    /// </summary>
    public required IReadOnlyList<DigestGroup> Groups { get; init; }

    /// <summary>The number of defects in groups that are not listed.</summary>
    public int OtherCount { get; init; }

    /// <summary>The number of defects by severity, the most severe first; those without a rank are counted together.</summary>
    public IReadOnlyList<DigestSeverity> Severities { get; init; } = [];

    /// <summary>The number of defects by project, the largest first; at most <see cref="MaxProjects"/>.</summary>
    public required IReadOnlyList<DigestProject> Projects { get; init; }

    /// <summary>The number of projects.</summary>
    public int ProjectCount { get => Math.Max(field, Projects.Count); init; }

    /// <summary>
    /// Defects in the order of their groups, at most <see cref="MaxDefects"/>: of large groups only the first ones.
    /// </summary>
    public required IReadOnlyList<DigestDefect> Defects { get; init; }

    /// <summary>The number of replies that list defects: 0 when the groups list all of them.</summary>
    public int Replies => Groups.Sum(group => group.Defects.Count) == Count ? 0 : (Defects.Count + ReplySize - 1) / ReplySize;
}

/// <summary>A digest and what it shows.</summary>
public sealed record DigestView(Digest Digest, DigestContents Contents);

/// <summary>Why and by whom the deliveries of a digest were silenced.</summary>
public sealed record SilenceNote(string By, string Why)
{
    public static SilenceNote? Of(Silence? silence) => silence is null ? null : new SilenceNote(silence.By, silence.Why);
}

/// <summary>
/// The defects of one project with the same severity and title; or its events with the same name that are not about a defect.
/// </summary>
/// <param name="Source">The endpoint that received them.</param>
/// <param name="ProjectCode">The project; null: none.</param>
/// <param name="Severity">The severity; null: not known.</param>
/// <param name="Title">The title; null: not known. Of events without a defect, their name.</param>
/// <param name="Count">How many there are.</param>
/// <param name="ClosedCount">How many of them are resolved, invalid or deleted.</param>
/// <param name="Defects">The first of them, open ones first; at most <see cref="DigestContents.MaxGroupDefects"/>.</param>
public sealed record DigestGroup(
    string Source,
    string? ProjectCode,
    Severity? Severity,
    string? Title,
    int Count,
    int ClosedCount,
    IReadOnlyList<DigestDefect> Defects)
{
    /// <summary>True when all of them are resolved, invalid or deleted.</summary>
    public bool IsClosed => ClosedCount == Count;
}

/// <summary>One line of a digest.</summary>
/// <param name="EventName">The name of its first event in the digest.</param>
/// <param name="Source">The endpoint that received it.</param>
/// <param name="ProjectCode">The project, as the sender wrote it; null: none.</param>
/// <param name="Id">The defect's number; null: the event is not about a defect.</param>
/// <param name="Title">Its current title; null: not known.</param>
/// <param name="Severity">Its current severity; null: not known.</param>
/// <param name="Status">Its current status; null: not known.</param>
/// <param name="IsClosed">True when it is resolved, invalid or deleted.</param>
public sealed record DigestDefect(
    string EventName,
    string Source,
    string? ProjectCode,
    long? Id,
    string? Title,
    Severity? Severity,
    string? Status,
    bool IsClosed);

/// <summary>How many defects of a severity a digest contains, without events that are not about a defect.</summary>
/// <param name="Severity">The severity; null: several of which none has a rank.</param>
/// <param name="Count">How many there are.</param>
/// <param name="ClosedCount">How many of them are resolved, invalid or deleted.</param>
public sealed record DigestSeverity(Severity? Severity, int Count, int ClosedCount);

/// <summary>How many defects of a project a digest contains.</summary>
public sealed record DigestProject(string Source, string? ProjectCode, int Count);
