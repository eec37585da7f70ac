namespace DefectNotifier.Sql.Reading;

/// <summary>
/// Ends a page of which few rows match: the reader goes on with the next page. Until then, one connection and one core are busy.
/// </summary>
/// <param name="maxRows">The maximum number of rows to look at.</param>
/// <param name="time">The clock.</param>
/// <param name="cancellationToken">Ends the reading between two rows.</param>
internal sealed class PageEnd(int maxRows, TimeProvider time, CancellationToken cancellationToken)
{
    public static readonly TimeSpan MaxTime = TimeSpan.FromMilliseconds(250);

    private readonly long _begun = time.GetTimestamp();
    private int _rows;

    public int MaxRows => maxRows;

    /// <summary>Called for each row. True: it belongs to the next page. Never for the first one, so that each page goes on.</summary>
    public bool IsReached()
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _rows++ > 0 && (_rows > maxRows || time.GetElapsedTime(_begun) >= MaxTime);
    }
}
