namespace DefectNotifier.Benchmarks.Load;

/// <summary>One program under load once, until everything was delivered.</summary>
internal sealed record LoadRound
{
    public required LoadResult Load { get; init; }

    public required int Delivered { get; init; }

    /// <summary>While webhooks came.</summary>
    public required double DeliveredPerSecondMeanwhile { get; init; }

    /// <summary>From the first webhook until all was delivered.</summary>
    public required double DeliveredPerSecond { get; init; }

    /// <summary>Processor seconds of the program alone for 1,000 webhooks, from the first one until all was delivered.</summary>
    public required double CpuPerThousand { get; init; }
}
