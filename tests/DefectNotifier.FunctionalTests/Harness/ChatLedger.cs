using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One request that the chat received, and its response.</summary>
internal sealed partial record ChatCall(
    int Number, string Destination, string? Authorization, string? ContentType, string Body, DateTimeOffset ArrivedAt)
{
    /// <summary>Just before the response was sent; null until then.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    public ChatResponse? Response { get; init; }

    public bool IsPosted => Response is { IsPosted: true };

    /// <summary>The number that <see cref="Webhooks.Created"/> wrote into the title; 0 without one.</summary>
    public int Marker => MarkerPattern().Match(Body) is { Success: true } match
        ? int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)
        : 0;

    public bool MayBeRepeat => Body.Contains("may be a repeat", StringComparison.Ordinal);

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Every text value of the message; readers see most of them.</summary>
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

/// <summary>All requests that arrived, in order, with the time by the chat's clock.</summary>
internal sealed class ChatLedger
{
    private readonly Lock _lock = new();
    private readonly List<ChatCall> _calls = [];

    public IReadOnlyList<ChatCall> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    public ChatCall Add(string destination, string? authorization, string? contentType, string body)
    {
        lock (_lock)
        {
            var call = new ChatCall(_calls.Count, destination, authorization, contentType, body, TimeProvider.System.GetUtcNow());
            _calls.Add(call);
            return call;
        }
    }

    public void AddResponse(ChatCall call, ChatResponse response)
    {
        lock (_lock)
            _calls[call.Number] = _calls[call.Number] with { Response = response, AnsweredAt = TimeProvider.System.GetUtcNow() };
    }

    public override string ToString() => "The chat received:" + string.Concat(Calls.Select(call =>
    {
        var response = call.Response is { } sent ? $"{sent.Status} at {call.AnsweredAt:HH:mm:ss.fff}" : "no response";
        return $"\n  {call.ArrivedAt:HH:mm:ss.fff} {call.Destination} -> {response}";
    }));
}
