namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// The responses of the chat: for each destination first the queued ones, then the one that is always given, then good ones.
/// </summary>
internal sealed class ChatScript
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<ChatResponse>> _queued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChatResponse> _always = new(StringComparer.Ordinal);

    public void Next(string destination, params ChatResponse[] responses)
    {
        lock (_lock)
        {
            if (!_queued.TryGetValue(destination, out var queue)) _queued[destination] = queue = new Queue<ChatResponse>();
            foreach (var response in responses) queue.Enqueue(response);
        }
    }

    public void Always(string destination, ChatResponse response)
    {
        lock (_lock)
            _always[destination] = response;
    }

    /// <summary>From now on only good responses.</summary>
    public void Recover(string destination)
    {
        lock (_lock)
        {
            _queued.Remove(destination);
            _always.Remove(destination);
        }
    }

    public ChatResponse Take(string destination, ChatKind kind)
    {
        lock (_lock)
        {
            if (_queued.TryGetValue(destination, out var queue) && queue.TryDequeue(out var response)) return response;
            return _always.TryGetValue(destination, out var always) ? always : ChatResponse.Good(kind);
        }
    }
}
