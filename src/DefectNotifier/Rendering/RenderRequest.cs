using System.Collections.ObjectModel;
using DefectNotifier.Events;

namespace DefectNotifier.Rendering;

/// <summary>What to render, and for whom.</summary>
public sealed record RenderRequest
{
    public required DefectEvent Event { get; init; }

    /// <summary>What is remembered of the event's defect; null: no more than the event says.</summary>
    public Defect? Defect { get; init; }

    /// <summary>The opening event of the defect, where it was parsed already; null: it is parsed if it is needed.</summary>
    public DefectEvent? Opening { get; init; }

    /// <summary>The names of members of the workspace, by their ids, as far as they are known.</summary>
    public IReadOnlyDictionary<long, string> Names { get; init; } = ReadOnlyDictionary<long, string>.Empty;

    public required DateTimeOffset ReceivedAt { get; init; }

    public required ChatPlatform Platform { get; init; }

    /// <summary>The template set to look into first; null: the common templates.</summary>
    public string? TemplateSet { get; init; }

    /// <summary>True when an earlier attempt may have been posted: the message says so in a small line.</summary>
    public bool MayBeRepeat { get; init; }

    /// <summary>True: mentions read <c>@name</c> and notify nobody, for a message that only brings an earlier one up to date.</summary>
    public bool WithoutMentions { get; init; }

    /// <summary>True when it is sent by hand to try things: the message says so in a small line.</summary>
    public bool IsTest { get; init; }
}
