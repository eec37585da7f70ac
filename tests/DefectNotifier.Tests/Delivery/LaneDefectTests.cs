using System.Text;
using DefectNotifier.Enrichment;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Intake;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Delivery;

public sealed class LaneDefectTests : IAsyncDisposable
{
    private readonly LaneWorld _world = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task RunAsync_EventWithOnlyAnId_ShowsItsDefect()
    {
        await AcceptAsync("created", 1767603600, "\"title\":\"Coupons are ignored\",\"severity\":\"blocker\"");
        _running = _world.RunAsync(_world.NewLane(), _stop.Token, _stop.Token);
        await _world.SentAsync(1);

        await AcceptAsync("resolved", 1767603600 + 7200, "\"x\":1");

        await _world.SentAsync(2);
        Assert.Contains("🔴 Coupons are ignored", Text(0), StringComparison.Ordinal);
        Assert.Contains("Resolved: Coupons are ignored", Text(1), StringComparison.Ordinal);
        Assert.Contains("Blocker", Text(1), StringComparison.Ordinal);
        Assert.Contains("2 h", Text(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CreatedButResolvedMeanwhile_ShowsResolved()
    {
        await AcceptAsync("created", 1767603600, "\"title\":\"Coupons are ignored\"");
        await AcceptAsync("resolved", 1767603600 + 7200, "\"x\":1");

        _running = _world.RunAsync(_world.NewLane(), _stop.Token, _stop.Token);

        await _world.SentAsync(2);
        Assert.Contains("Resolved", Text(0), StringComparison.Ordinal);
        Assert.Contains("after 2 h", Text(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AttemptsStartedWithOutcomes_ShowTheirDefects()
    {
        for (var id = 1; id <= 5; id++) await AcceptAsync("created", 1767603600, $"\"title\":\"Defect number {id}\"", id);
        for (var id = 1; id <= 5; id++) await AcceptAsync("deleted", 1767603700, "\"x\":1", id);

        _running = _world.RunAsync(_world.NewLane(), _stop.Token, _stop.Token);

        await _world.SentAsync(10);
        for (var id = 1; id <= 5; id++) Assert.Contains($"Deleted: Defect number {id}", Text(id + 4), StringComparison.Ordinal);
    }

    private string Text(int index) => _world.Sender.Sent.ElementAt(index).Message.Text!;

    [Fact]
    public async Task RunAsync_DestinationWithATimeZone_ShowsItsDates()
    {
        await AcceptAsync("created", 1767603600, "\"title\":\"Coupons are ignored\"");
        var destination = _world.Destination with { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo") };

        _running = _world.RunAsync(_world.NewLane(destination: destination), _stop.Token, _stop.Token);

        await _world.SentAsync(1);
        Assert.Contains("2026-01-05 18:00 UTC+09:00", LaneWorld.TextOf(_world.Sender.Sent[0].Message), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_KnownName_IsShownWhereQaseIsConfigured(bool isAsked)
    {
        await _world.Outbox.ApplyEnrichmentAsync(new EnrichmentResult(EnrichmentRequest.Name("", 418), Some.Moment) { Name = "Rut Olsen" });
        var account = new QaseAccount("Qase", "key", 60, new ScriptedQase());
        if (isAsked) _world.Configuration = _world.Configuration with { Accounts = new QaseAccounts(account, QaseAccounts.None.BySource) };
        var body = Encoding.UTF8.GetBytes(
            """{"event_name":"defect.created","timestamp":1767603600,"payload":"""
                + """{"id":7,"title":"Coupons"},"team_member_id":418,"project_code":"WEB"}""");
        await _world.Intake.AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, _world.Configuration.Routes, canEnrich: false, CancellationToken.None);

        _running = _world.RunAsync(_world.NewLane(), _stop.Token, _stop.Token);

        await _world.SentAsync(1);
        Assert.Contains(isAsked ? "by Rut Olsen" : "by team member 418", Text(0), StringComparison.Ordinal);
    }

    private async Task AcceptAsync(string action, long timestamp, string fields, int id = 7)
    {
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"event_name":"defect.{{{action}}}","timestamp":{{{timestamp}}},"payload":"""
                + $$$"""{"id":{{{id}}},{{{fields}}}},"project_code":"WEB"}""");
        var taken = await _world.Intake.AcceptAsync(
            WebhookParser.Parse(body, "").Event!, body, _world.Configuration.Routes, canEnrich: false, CancellationToken.None);
        Assert.Equal(IntakeOutcome.Accepted, taken.Outcome);
    }
}
