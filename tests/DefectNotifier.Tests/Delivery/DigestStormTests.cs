using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Sqlite;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Delivery;

/// <summary>
/// A nightly run files thousands of defects in one channel, at Slack's pace, with a real outbox: how long until the channel reports all of
/// them, and with how many requests. Times are those of the fake clock, so they do not depend on the machine.
/// </summary>
public sealed partial class DigestStormTests : DigestScene
{
    private static readonly int Defects = PropertyCases.Of(10_000);

    private readonly TemporaryDatabase _files = new();

    [Fact]
    public async Task Storm_OfThousandsOfDefects_IsReportedWithinAMinuteOfChatTime()
    {
        Configure(Bot);
        var outbox = Open();
        using var stop = new CancellationTokenSource();
        var running = RunAsync(outbox, stop.Token);
        Slack.Pass("chat.postMessage").Pass("chat.postMessage").Refuse(
            "chat.postMessage", new SlackResponse { Error = "ratelimited", Status = 429, RetryAfter = TimeSpan.FromSeconds(3) });
        var start = World.Time.GetUtcNow();

        // Over nine seconds; every third one is resolved meanwhile, and one in the middle is a blocker.
        var blockerAt = start;
        for (var part = 0; part < 20; part++)
        {
            if (part == 10)
            {
                blockerAt = World.Time.GetUtcNow();
                await AcceptToAsync(outbox, "created", 1_000_000, "blocker", "Payments fail");
            }

            var first = part * Defects / 20;
            var ids = Enumerable.Range(first, ((part + 1) * Defects / 20) - first).ToList();
            await Task.WhenAll(ids.Select(id => AcceptToAsync(outbox, "created", id + 1, "major", $"Test {id % 40} failed")));
            await Task.WhenAll(ids.Where(id => id % 3 == 0).Select(id => AcceptToAsync(outbox, "resolved", id + 1)));
            await World.Time.RunAsync(TimeSpan.FromMilliseconds(450));
        }

        await World.Time.UntilAsync(async () => await IsIdleAsync(outbox), () => $"everything sent; calls: {Slack.Calls.Count}");
        var took = World.Time.GetUtcNow() - start;
        var blockerTook = PostedAt(Slack.Roots.Single(IsBlocker)) - blockerAt;
        await stop.CancelAsync();
        await running;

        TestContext.Current.SendDiagnosticMessage(
            $"{Defects} defects: {took.TotalSeconds:0} s, {Slack.Calls.Count} requests, blocker after {blockerTook.TotalSeconds:0.0} s");
        // A defect with a message of its own that was resolved is in the digest, too.
        var resolved = Slack.Roots.Count(root => !Heading().IsMatch(root.Text) && root.Text.Contains("Resolved", StringComparison.Ordinal));
        Assert.Equal(Defects + 1, Slack.Roots.Sum(CountIn) - resolved);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.InRange(Slack.Calls.Count, 1, 70);
        // Slack's times are whole seconds.
        Assert.InRange(blockerTook, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(3));
        Assert.Equal(Slack.Messages.Count, Slack.Messages.DistinctBy(message => message.CorrelationKey).Count());
        await outbox.DisposeAsync();
        await _files.DisposeAsync();
    }

    private SqliteOutbox Open() => SqliteOutbox.Open(
        new SqliteOutboxOptions { Path = _files.Path, MinFreeBytes = 0, WaitingLimit = 100_000 }, World.Signals, World.Time,
        NullLogger<SqliteOutbox>.Instance);

    private async Task RunAsync(SqliteOutbox outbox, CancellationToken stop)
    {
        var claim = await outbox.ClaimAsync("web-qa", CancellationToken.None);
        await World.NewLane(destination: Bot, outbox: outbox).RunAsync(claim, stop, stop);
        await outbox.ReleaseAsync(claim);
    }

    private async Task AcceptToAsync(SqliteOutbox outbox, string name, int id, string severity = "major", string title = "")
    {
        var payload = name == "created" ? $$"""{"id":{{id}},"title":"{{title}}","severity":"{{severity}}"}""" : $$"""{"id":{{id}}}""";
        var body = Encoding.UTF8.GetBytes(
            $$"""{"event_name":"defect.{{name}}","timestamp":1767603600,"payload":{{payload}},"project_code":"WEB"}""");
        var result = await World.IntakeInto(outbox).AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, World.Configuration.Routes, canEnrich: false, CancellationToken.None);
        Assert.Equal(IntakeOutcome.Accepted, result.Outcome);
    }

    private static async Task<bool> IsIdleAsync(SqliteOutbox outbox) =>
        (await outbox.ReadBacklogAsync(CancellationToken.None)).Count == 0;

    private static DateTimeOffset PostedAt(SlackChannelMessage message) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(message.Ts.Split('.')[0]));

    private static bool IsBlocker(SlackChannelMessage message) => message.Text.Contains("Payments fail", StringComparison.Ordinal);

    // A digest says how many defects it shows; any other message is one.
    private static int CountIn(SlackChannelMessage message)
    {
        var digest = Heading().Match(message.Text);
        return digest.Success ? int.Parse(digest.Groups["count"].Value.Replace(",", "", StringComparison.Ordinal)) : 1;
    }

    [GeneratedRegex("^(?<count>[0-9,]+) new and changed defects", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
