using DefectNotifier.Outbox.Intake;
using DefectNotifier.Routing;
using DefectNotifier.Telemetry;
using DefectNotifier.Tests.Delivery;

namespace DefectNotifier.Tests.Outbox;

/// <summary>What the log says about accepted events.</summary>
public sealed class EventIntakeTests : IDisposable
{
    private const int Accepted = 206;
    private const int MoreAccepted = 207;
    private const int Unrouted = 208;

    private readonly LogLines<EventIntake> _log = new();
    private readonly LaneWorld _world;

    public EventIntakeTests() => _world = new LaneWorld { IntakeLogger = _log };

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Accept_Event_IsOneLine()
    {
        using var intake = _world.Intake;

        var taken = await AcceptAsync(intake, "defect.created", 97);

        Assert.Equal([Accepted], _log.EventIds);
        Assert.Equal($"Event {taken.EventId} accepted: defect.created, project WEB, defect D-97, deliveries: 1, 0 ms", _log.Texts[0]);
    }

    [Fact]
    public async Task Accept_Duplicate_IsNoSecondLine()
    {
        using var intake = _world.Intake;

        await AcceptAsync(intake, "defect.created", 1);
        await AcceptAsync(intake, "defect.created", 1);

        Assert.Single(_log.EventIds);
    }

    [Fact]
    public async Task Accept_ManyInOneSecond_AreSummed()
    {
        var intake = _world.Intake;
        for (var id = 1; id <= LineBudget.SinglesPerSecond + 30; id++) await AcceptAsync(intake, "defect.created", id);

        intake.Dispose();

        Assert.Equal(LineBudget.SinglesPerSecond, _log.EventIds.Count(id => id == Accepted));
        Assert.Equal(1, _log.EventIds.Count(id => id == MoreAccepted));
        Assert.Equal("30 more events accepted within the same second, deliveries: 30, longest 0 ms", _log.Texts[^1]);
    }

    [Fact]
    public async Task Accept_NoRouteTakesIt_WarnsOncePerProjectAndHour()
    {
        _world.Route = new RouteOptions { ProjectCodes = ["SHOP"], To = ["web-qa"] };
        using var intake = _world.Intake;

        var first = await AcceptAsync(intake, "defect.created", 1);
        await AcceptAsync(intake, "defect.resolved", 2);
        _world.Time.Advance(TimeSpan.FromMinutes(59));
        await AcceptAsync(intake, "defect.created", 3);
        Assert.Equal(1, Warnings);

        _world.Time.Advance(TimeSpan.FromMinutes(1));
        await AcceptAsync(intake, "defect.created", 4);

        Assert.Equal(2, Warnings);
        Assert.StartsWith(
            $"No route takes event {first.EventId} (defect.created) of project WEB: it is stored, and no message is sent.",
            _log.Texts.First(text => text.StartsWith("No route", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    private int Warnings => _log.EventIds.Count(id => id == Unrouted);

    private Task<IntakeResult> AcceptAsync(EventIntake intake, string name, int id) =>
        _world.AcceptAsync(name, $$"""{"id":{{id}},"title":"Defect"}""", intake, TestContext.Current.CancellationToken);
}
