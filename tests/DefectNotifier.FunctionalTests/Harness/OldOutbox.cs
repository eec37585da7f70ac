using System.Globalization;
using System.Text;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Fills an outbox with events that are old enough to be purged.</summary>
internal static class OldOutbox
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(100);

    /// <summary>
    /// Stores events with one delivery each. Every <paramref name="pendingEach"/>th delivery is still pending; the others are delivered.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="events">How many.</param>
    /// <param name="pendingEach">Which are pending.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="isInUse">False: as if the outbox had not been used since then.</param>
    /// <returns>The pending messages, each with the id of its event.</returns>
    public static async Task<IReadOnlyDictionary<MessageKey, string>> WriteAsync(
        string path, int events, int pendingEach, string destination, bool isInUse = true)
    {
        var at = TimeProvider.System.GetUtcNow() - Age;
        var numbers = Enumerable.Range(1, events).ToDictionary(number => number.ToString("x32", CultureInfo.InvariantCulture));
        await using var outbox = SqliteOutbox.Open(
            new SqliteOutboxOptions { Path = path }, new OutboxSignals(), TimeProvider.System, NullLogger<SqliteOutbox>.Instance);
        await Task.WhenAll(numbers.Select(pair => outbox.AppendAsync(
            Some.NewEvent(destination) with
            {
                Id = pair.Key,
                SubjectId = pair.Value,
                OccurredAt = at,
                ReceivedAt = at,
                Body = Encoding.UTF8.GetBytes(Webhooks.Created(pair.Value)),
            },
            TestContext.Current.CancellationToken)));

        var deliveries = await outbox.ReadPendingAsync(destination, events, TestContext.Current.CancellationToken);
        Assert.Equal(events, deliveries.Count);
        var pending = deliveries.Where(delivery => numbers[delivery.EventId] % pendingEach == 0).ToList();
        await Task.WhenAll(deliveries.Except(pending).Select(async delivery =>
        {
            await outbox.StartAttemptAsync(delivery, at);
            await outbox.RecordAsync(Some.Outcome(delivery) with { At = at });
        }));
        await outbox.SaveClockAsync(isInUse ? TimeProvider.System.GetUtcNow() : at);
        return pending.ToDictionary(
            delivery => new MessageKey(destination, numbers[delivery.EventId], "created"), delivery => delivery.EventId);
    }
}
