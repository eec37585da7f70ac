namespace DefectNotifier.Tests.Rendering;

/// <summary>What a run of random templates came to: without it nobody knows whether the good and the bad ones were both among them.</summary>
internal sealed class FuzzStatistics
{
    private readonly Lock _gate = new();
    private long _cases;
    private long _sound;
    private long _stoodIn;
    private TimeSpan _slowest;
    private string _slowestTemplate = "";

    /// <summary>Messages that the template itself made, perhaps with a part left out.</summary>
    public long Sound => _sound;

    /// <summary>Messages in which another template or plain words stood in.</summary>
    public long StoodIn => _stoodIn;

    public void Case() => Interlocked.Increment(ref _cases);

    public void Message(bool isFaulty, TimeSpan took, string template)
    {
        lock (_gate)
        {
            if (isFaulty) _stoodIn++;
            else _sound++;
            if (took <= _slowest) return;
            (_slowest, _slowestTemplate) = (took, template);
        }
    }

    public override string ToString() =>
        $"{_cases} cases: {_sound} messages by the template itself, {_stoodIn} by one that stood in; the slowest took {_slowest.TotalMilliseconds:0} ms, of\n{_slowestTemplate}";
}
