using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>The value of <c>--state</c>: the states of deliveries, and the other words that operators use for what waits.</summary>
/// <param name="Words">The states; null: the default.</param>
internal sealed record StateWords(string[]? Words)
{
    private const string Waiting = "waiting";
    private const string Parked = "parked";
    private const string All = "all";

    /// <summary>Every word, for help and completion.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [Waiting, Parked, .. Enum.GetValues<DeliveryState>().Select(state => state.Word()), EventFilter.Unrouted, All];

    /// <summary>The words for one state of an event's deliveries.</summary>
    public static string OfEvents { get; } = string.Join(", ", Known.Where(word => word is not (Parked or EventFilter.Unrouted or All)));

    /// <summary>What pending deliveries are called in the list: the word that was asked for.</summary>
    public string Pending { get; private init; } = DeliveryState.Pending.Word();

    /// <summary>True: only deliveries to destinations that are parked.</summary>
    public bool IsParked => Pending == Parked;

    /// <summary>True: the events that no route took, which have no delivery.</summary>
    public bool IsUnrouted { get; private init; }

    public static AdminResult<StateWords> Read(string[]? texts)
    {
        var words = (texts ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries))
            .Select(word => word.ToLowerInvariant()).ToList();
        foreach (var word in words.Where(word => !Known.Contains(word)))
            return Error($"'{word}' is not one of {string.Join(", ", Known)}.{Suggestion.For(word, Known)}");
        if (words.Count > 1 && words.Find(word => word is Parked or EventFilter.Unrouted) is { } single)
            return Error($"{single} can't be combined with other states.");
        return words switch
        {
            [] => new StateWords(Words: null),
            [Parked] => new StateWords([DeliveryState.Pending.Word()]) { Pending = Parked },
            [EventFilter.Unrouted] => new StateWords(Words: null) { IsUnrouted = true },
            _ when words.Contains(Waiting) => new StateWords([.. InRequest([.. words])]) { Pending = Waiting },
            _ => new StateWords([.. words]),
        };
    }

    /// <summary>The same for retry and discard, which concern deliveries only.</summary>
    public static string[] InRequest(string[] texts) => [.. texts.Select(text => InRequest(text)!)];

    /// <summary>The state of a delivery as the operations API names it.</summary>
    public static string? InRequest(string? text) =>
        text?.Replace(Waiting, DeliveryState.Pending.Word(), StringComparison.OrdinalIgnoreCase);

    private static Problem Error(string detail) => Problem.Of(StatusCodes.Status400BadRequest, "invalid-filter", detail, "state");
}
