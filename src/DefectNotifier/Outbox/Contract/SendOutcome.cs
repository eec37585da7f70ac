using System.Collections.Frozen;
using System.Text.Json;

namespace DefectNotifier.Outbox.Contract;

/// <summary>The outcome of one send. Its kebab-case name is stored, logged and used as the metric label.</summary>
public enum SendOutcome
{
    /// <summary>The destination accepted the message.</summary>
    Delivered,

    /// <summary>Nothing was posted; try again at a given time. No attempt is counted.</summary>
    Wait,

    /// <summary>Nothing was posted, or sending it again does no harm: back off and retry.</summary>
    Retry,

    /// <summary>
    /// Nothing was posted, because the chat does not allow this step (an update, a reply, a broadcast): the delivery continues at once with
    /// another step.
    /// </summary>
    NotSupported,

    /// <summary>The message may have been posted.</summary>
    Ambiguous,

    /// <summary>The message may have been posted and is held for manual review; the lane continues.</summary>
    Held,

    /// <summary>This message can never be sent: dead letter; the lane continues.</summary>
    Rejected,

    /// <summary>The destination is misconfigured: the lane is parked, its deliveries stay pending.</summary>
    Parked,
}

/// <summary>The words for <see cref="SendOutcome"/>.</summary>
public static class SendOutcomes
{
    private static readonly FrozenDictionary<SendOutcome, string> Words =
        Enum.GetValues<SendOutcome>().ToFrozenDictionary(
            outcome => outcome, outcome => JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.ToString()));

    private static readonly FrozenDictionary<string, SendOutcome> ByWord =
        Words.ToFrozenDictionary(entry => entry.Value, entry => entry.Key, StringComparer.Ordinal);

    public static string Word(this SendOutcome outcome) => Words[outcome];

    /// <summary>The outcome of a word; null for null and for a word of a later version.</summary>
    public static SendOutcome? Parse(string? word) => word is not null && ByWord.TryGetValue(word, out var outcome) ? outcome : null;
}
