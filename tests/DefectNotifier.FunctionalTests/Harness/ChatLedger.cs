namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Everything that arrived, in order, with the chat's own clock.</summary>
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

    public void Answered(ChatCall call, ChatResponse response)
    {
        lock (_lock)
            _calls[call.Number] = _calls[call.Number] with { Response = response, AnsweredAt = TimeProvider.System.GetUtcNow() };
    }

    public override string ToString() => "The chat got:" + string.Concat(Calls.Select(call =>
        $"\n  {call.ArrivedAt:HH:mm:ss.fff} {call.Destination} -> {(call.Response is { } response ? $"{response.Status} at {call.AnsweredAt:HH:mm:ss.fff}" : "no response")}"));
}
