using System.Runtime.CompilerServices;
using System.Text.Json;
using DefectNotifier.Routing;

namespace DefectNotifier.Storage;

/// <summary>A decision as it is stored. Many events share one, which has a sentence for each route: its text is written once, and forgotten with it.</summary>
internal static class DecisionText
{
    private static readonly ConditionalWeakTable<RoutingDecision, Utf8Text> Written = [];

    public static Utf8Text Of(RoutingDecision decision) =>
        Written.GetValue(decision, static decision => new Utf8Text(JsonSerializer.SerializeToUtf8Bytes(decision, StoredJson.Default.RoutingDecision)));
}
