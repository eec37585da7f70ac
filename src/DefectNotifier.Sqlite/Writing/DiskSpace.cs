using Microsoft.Extensions.Logging;

namespace DefectNotifier.Sqlite.Writing;

/// <summary>
/// Measures whether the outbox's disk has less free space than new events must leave. Then webhooks are refused, and what remains is for
/// recording the deliveries of accepted events. Measured at most once a second.
/// </summary>
/// <param name="folder">The folder of the outbox.</param>
/// <param name="minFreeBytes">How much must be free; 0: not measured.</param>
/// <param name="readReusable">
/// Reads how many bytes the outbox's file can take up before it grows. Called only when the disk has too little free space.
/// </param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class DiskSpace(
    string folder, long minFreeBytes, Func<CancellationToken, Task<long>> readReusable, TimeProvider time, ILogger logger)
{
    public const string Low = "disk almost full: less than Outbox:MinFreeBytes is free";

    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private long? _measuredAt;
    private volatile bool _isLow;

    /// <summary>True when there is too little.</summary>
    public async ValueTask<bool> IsLowAsync(CancellationToken cancellationToken)
    {
        if (minFreeBytes == 0 || !IsMeasurementDue()) return _isLow;
        var free = ReadFree();
        if (free < minFreeBytes) free += await readReusable(cancellationToken);
        if (free < minFreeBytes == _isLow) return _isLow;
        _isLow = free < minFreeBytes;
        if (_isLow) Log.TooLittle(logger, free, minFreeBytes);
        else Log.Enough(logger, free);
        return _isLow;
    }

    // True for one caller; the others use the last result.
    private bool IsMeasurementDue()
    {
        lock (_lock)
        {
            if (_measuredAt is { } last && time.GetElapsedTime(last) < MeasureEvery) return false;
            _measuredAt = time.GetTimestamp();
            return true;
        }
    }

    // If it can't be measured, accept: a failing write is reported anyway.
    private long ReadFree()
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            204,
            LogLevel.Error,
            "The outbox's disk has {Free} bytes free, less than Outbox:MinFreeBytes ({MinFree}). Webhooks are refused until there is "
            + "more; accepted events are still sent")]
        public static partial void TooLittle(ILogger logger, long free, long minFree);

        [LoggerMessage(205, LogLevel.Information, "The outbox's disk has enough free space again ({Free} bytes); webhooks are accepted")]
        public static partial void Enough(ILogger logger, long free);
    }
}
