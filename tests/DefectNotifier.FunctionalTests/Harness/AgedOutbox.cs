using System.Globalization;
using System.Text;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>An outbox whose events are long ago.</summary>
internal static class AgedOutbox
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(100);

    /// <summary>Writes one with as many events, each with one delivery to the destination; all but every so-many-th are delivered.</summary>
    /// <returns>What is pending in it, with the ids of the events.</returns>
    public static async Task<IReadOnlyDictionary<OwedMessage, string>> WriteAsync(string path, int events, int pendingEach, string destination)
    {
        var since = TimeProvider.System.GetUtcNow() - Age;
        await using var outbox = SqliteOutbox.Open(
            new SqliteOutboxOptions { Path = path }, TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        var owed = new Dictionary<OwedMessage, string>();
        await Task.WhenAll(Enumerable.Range(1, events).Select(number => outbox.AppendAsync(Event(number, since, destination), CancellationToken.None)));
        while (await outbox.ReadPendingAsync(destination, events, CancellationToken.None) is var page && page.Any(delivery => !IsLeft(delivery)))
            await Task.WhenAll(page.Where(delivery => !IsLeft(delivery)).Select(delivery => outbox.RecordAsync(Some.Outcome(delivery) with { At = since })));
        for (var number = pendingEach; number <= events; number += pendingEach) owed[new OwedMessage(destination, number, "created")] = IdOf(number);
        return owed;

        bool IsLeft(PendingDelivery delivery) => int.Parse(delivery.EventId, NumberStyles.HexNumber, CultureInfo.InvariantCulture) % pendingEach == 0;
    }

    private static NewEvent Event(int number, DateTimeOffset at, string destination) => Some.NewEvent(destination) with
    {
        Id = IdOf(number),
        Source = "",
        SubjectId = number,
        OccurredAt = at,
        ReceivedAt = at.AddMilliseconds(number),
        Body = Encoding.UTF8.GetBytes(Webhooks.Created(number)),
    };

    private static string IdOf(int number) => number.ToString("x32", CultureInfo.InvariantCulture);
}
