using System.Collections.Frozen;
using System.Text.Json;

namespace DefectNotifier.Delivery;

/// <summary>The words for <see cref="SendReason"/> and <see cref="Fate"/>.</summary>
public static class SendReasons
{
    private static readonly FrozenDictionary<SendReason, string> ReasonWords =
        Enum.GetValues<SendReason>().ToFrozenDictionary(reason => reason, reason => JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString()));

    private static readonly FrozenDictionary<Fate, string> FateWords =
        Enum.GetValues<Fate>().ToFrozenDictionary(fate => fate, fate => JsonNamingPolicy.KebabCaseLower.ConvertName(fate.ToString()));

    public static string Word(this SendReason reason) => ReasonWords[reason];

    public static string Word(this Fate fate) => FateWords[fate];
}
