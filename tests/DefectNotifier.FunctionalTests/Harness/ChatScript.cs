namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>What the chat answers: for each destination the answers in turn, then the standing one, then the good one.</summary>
internal sealed class ChatScript
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<ChatResponse>> _turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChatResponse> _standing = new(StringComparer.Ordinal);

    public void Next(string destination, params ChatResponse[] responses)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue(destination, out var queue)) _turns[destination] = queue = new Queue<ChatResponse>();
            foreach (var response in responses) queue.Enqueue(response);
        }
    }

    public void Always(string destination, ChatResponse response)
    {
        lock (_lock)
            _standing[destination] = response;
    }

    /// <summary>Well again: from now on good answers only.</summary>
    public void Recover(string destination)
    {
        lock (_lock)
        {
            _turns.Remove(destination);
            _standing.Remove(destination);
        }
    }

    public ChatResponse Take(string destination, ChatKind kind)
    {
        lock (_lock)
        {
            if (_turns.TryGetValue(destination, out var queue) && queue.TryDequeue(out var response)) return response;
            return _standing.TryGetValue(destination, out var standing) ? standing : ChatResponse.Good(kind);
        }
    }
}
