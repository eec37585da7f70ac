namespace DefectNotifier.Tests.Rendering;

/// <summary>Counts the results of random templates, to check that there were enough valid and invalid ones.</summary>
internal sealed class FuzzStatistics
{
    private readonly Lock _gate = new();
    private long _cases;
    private long _succeeded;
    private long _replaced;
    private TimeSpan _slowest;
    private string _slowestTemplate = "";

    /// <summary>Messages of the template itself, perhaps without some parts.</summary>
    public long Succeeded => _succeeded;

    /// <summary>Messages for which another template or the plain message was used.</summary>
    public long Replaced => _replaced;

    public void Case() => Interlocked.Increment(ref _cases);

    public void Message(bool isReplaced, TimeSpan took, string template)
    {
        lock (_gate)
        {
            if (isReplaced) _replaced++;
            else _succeeded++;
            if (took <= _slowest) return;
            (_slowest, _slowestTemplate) = (took, template);
        }
    }

    public override string ToString() =>
        $"{_cases} cases: {_succeeded} messages of the template itself, {_replaced} replaced; "
        + $"the slowest took {_slowest.TotalMilliseconds:0} ms, of\n{_slowestTemplate}";
}
