using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Sql.Reading;

/// <summary>Counts what failed, what no route took and what was sent recently.</summary>
internal static class StatisticsReader
{
    public static IReadOnlyList<FailedCount> ReadFailed(ReadSession session)
    {
        var groups = new List<(string Destination, int State, long Count, long Event)>();
        using (var row = session.Statements.Query(StatisticsSql.Failed))
            while (row.Read()) groups.Add((row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)));
        return
        [
            .. groups.Select(group => new FailedCount(
                group.Destination,
                (DeliveryState)group.State,
                group.Count,
                ReadNewest(session, group.State, group.Destination, group.Event))),
        ];
    }

    public static IReadOnlyList<UnroutedCount> ReadUnrouted(ReadSession session, DateTimeOffset since)
    {
        // In the order in which the projects are found: the one with the latest event first.
        var (places, counts) = (new Dictionary<string, int>(StringComparer.Ordinal), new List<UnroutedCount>());
        using var row = session.Statements.Query(StatisticsSql.UnroutedProjects, UnroutedCount.MaxEvents);
        while (row.Read())
        {
            var receivedAt = row.GetTime(1);
            if (receivedAt < since) break;
            var project = row.GetStringOrNull(0);
            if (places.TryAdd(project ?? "", counts.Count)) counts.Add(new UnroutedCount(project, 0, receivedAt, row.GetString(2)));
            var place = places[project ?? ""];
            counts[place] = counts[place] with { Count = counts[place].Count + 1 };
        }

        return counts;
    }

    public static IReadOnlyList<RecentCount> ReadRecent(ReadSession session, DateTimeOffset since, DateTimeOffset before)
    {
        var counts = new Dictionary<(string Destination, long Minute), RecentCount>();
        using var row = session.Statements.Query(StatisticsSql.Recent, RecentCount.MaxDeliveries, since, before);
        while (row.Read())
        {
            var (destination, isSent) = (row.GetString(0), row.GetInt32(1) == (int)DeliveryState.Delivered);
            var minute = RecentCount.MinuteOf(row.GetTime(2));
            var count = counts.GetValueOrDefault((destination.ToUpperInvariant(), minute)) ?? new RecentCount(destination, minute, 0, 0);
            counts[(destination.ToUpperInvariant(), minute)] =
                isSent ? count with { Sent = count.Sent + 1 } : count with { Failed = count.Failed + 1 };
        }

        return [.. counts.Values.OrderBy(count => count.Minute).ThenBy(count => count.Destination, StringComparer.Ordinal)];
    }

    private static ListedDelivery ReadNewest(ReadSession session, int state, string destination, long eventSeq)
    {
        var one = new PageEnd(maxRows: 1, TimeProvider.System, CancellationToken.None);
        using var row = session.Statements.Query(StatisticsSql.NewestFailed, state, destination, eventSeq);
        return row.Read()
            ? DeliveryReader.Read(session, new DeliveryQuery { Id = row.GetInt64(0), Limit = 1 }, one).Deliveries[0]
            : throw new InvalidOperationException("The counted delivery was not found.");
    }
}
