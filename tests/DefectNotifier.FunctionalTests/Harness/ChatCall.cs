using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DefectNotifier.Delivery;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One request as the chat got it, with what became of it.</summary>
internal sealed partial record ChatCall(int Number, string Destination, string? Authorization, string? ContentType, string Body, DateTimeOffset ArrivedAt)
{
    /// <summary>Just before the answer left; null while there is none.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    public ChatResponse? Response { get; init; }

    public bool IsPosted => Response is { IsPosted: true };

    /// <summary>The number that <see cref="Webhooks.Created"/> wrote into the title; 0 without one.</summary>
    public int Marker => MarkerPattern().Match(Body) is { Success: true } match ? int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) : 0;

    public bool MayBeRepeat => Body.Contains("may be a repeat", StringComparison.Ordinal);

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>All that a reader could see, and more: every text value of the message.</summary>
    public string Text => string.Join('\n', TextsOf(Json));

    private static IEnumerable<string> TextsOf(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => TextsOf(member.Value)),
        JsonArray list => list.SelectMany(TextsOf),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };

    [GeneratedRegex(@"Marker (?<number>\d+) end", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MarkerPattern();
}
