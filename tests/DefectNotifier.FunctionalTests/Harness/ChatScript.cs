namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>What the chat answers: for each destination the answers in turn, then the standing one, then the good one.</summary>
internal sealed class ChatScript
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<ChatAnswer>> _turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChatAnswer> _standing = new(StringComparer.Ordinal);

    public void Next(string destination, params ChatAnswer[] answers)
    {
        lock (_lock)
        {
            if (!_turns.TryGetValue(destination, out var queue)) _turns[destination] = queue = new Queue<ChatAnswer>();
            foreach (var answer in answers) queue.Enqueue(answer);
        }
    }

    public void Always(string destination, ChatAnswer answer)
    {
        lock (_lock)
            _standing[destination] = answer;
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

    public ChatAnswer Take(string destination, ChatKind kind)
    {
        lock (_lock)
        {
            if (_turns.TryGetValue(destination, out var queue) && queue.TryDequeue(out var answer)) return answer;
            return _standing.TryGetValue(destination, out var standing) ? standing : ChatAnswer.Good(kind);
        }
    }
}
