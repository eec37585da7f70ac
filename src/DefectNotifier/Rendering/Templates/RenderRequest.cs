using System.Collections.ObjectModel;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>What to render, and for which platform.</summary>
public sealed record RenderRequest
{
    private const string RepeatNote = "This may be a repeat: the response to an earlier attempt was lost.";
    private const string TestNote = "This is a test message, sent by an operator: nothing happened in Qase.";

    public required DefectEvent Event { get; init; }

    /// <summary>What all events of the defect say together; null: only this event is known.</summary>
    public Defect? Defect { get; init; }

    /// <summary>The opening event of the defect, if it was parsed already; null: it is parsed when it is needed.</summary>
    public DefectEvent? Opening { get; init; }

    /// <summary>The known names of workspace members, by id.</summary>
    public IReadOnlyDictionary<long, string> Names { get; init; } = ReadOnlyDictionary<long, string>.Empty;

    /// <summary>
    /// What a digest shows; null: not a digest. The event <see cref="OwnEvents.Digest"/> without contents shows samples, for a preview.
    /// </summary>
    public DigestContents? Digest { get; init; }

    /// <summary>
    /// 0: the digest's message in the channel. From 1: the reply that lists the defects from (page - 1) *
    /// <see cref="DigestContents.ReplySize"/>.
    /// </summary>
    public int DigestPage { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required ChatPlatform Platform { get; init; }

    /// <summary>The template set that is searched first; null: only the common templates.</summary>
    public string? TemplateSet { get; init; }

    /// <summary>The time zone of dates; null: that of <see cref="TemplateOptions"/>.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>True for a message in the thread of the defect's or the digest's message.</summary>
    public bool IsReply { get => field || DigestPage > 0; init; }

    /// <summary>How many later defects with the same title have joined the message.</summary>
    public int Repeats { get; init; }

    /// <summary>True when an earlier attempt may have been posted: the message says so in a note.</summary>
    public bool MayBeRepeat { get; init; }

    /// <summary>True: mentions show <c>@name</c> and notify no one, for an update of a message that was sent before.</summary>
    public bool WithoutMentions { get; init; }

    /// <summary>True for a test message that an operator sends: the message says so in a note.</summary>
    public bool IsTest { get; init; }

    /// <summary>What the event changed, as far as it is known; only the message of an update has it.</summary>
    internal IReadOnlyList<DefectChange> Changes =>
        Defect?.Changes is { } known && known.Update == DefectHistoryEntry.Of(Event, ReceivedAt) ? known.Changes : [];

    /// <summary>A member as a reader knows them.</summary>
    internal string LabelOf(long? teamMemberId) =>
        teamMemberId is { } id ? TeamMember.LabelOf(id, Names.GetValueOrDefault(id)) : "someone";

    /// <summary>Notes to show below the message.</summary>
    internal IReadOnlyList<string> Notes => (MayBeRepeat, IsTest) switch
    {
        (false, false) => [],
        (true, false) => [RepeatNote],
        (false, true) => [TestNote],
        (true, true) => [RepeatNote, TestNote],
    };
}
