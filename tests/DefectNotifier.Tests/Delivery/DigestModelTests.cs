using CsCheck;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>
/// Random events, storms, failures and crashes: each event is reported once, in the order of its defect, alone or in a digest.
/// </summary>
public sealed class DigestModelTests
{
    private static readonly Gen<ScenarioStep> Event = Gen.Select(
        AnyOf("created", "created", "created", "updated", "resolved", "deleted"), Gen.Int[0, 200], (name, number) =>
            new ScenarioStep(ScenarioStepKind.Event, name, number));

    private static readonly Gen<ScenarioStep> Work = Gen.Int[0, 12].Select(number => new ScenarioStep(ScenarioStepKind.Work, "", number));

    private static readonly Gen<ScenarioStep> Time = Gen.Int[0, 60].Select(number => new ScenarioStep(ScenarioStepKind.Time, "", number));

    private static readonly Gen<ScenarioStep> Trouble = Gen.OneOf(
        AnyOf("chat.postMessage", "chat.update").Select(method => new ScenarioStep(ScenarioStepKind.LostResponse, method, 0)),
        Gen.Select(
            AnyOf("internal_error", "ratelimited", "service_unavailable", "fatal_error"), Gen.Int[0, 1], (error, number) =>
                new ScenarioStep(ScenarioStepKind.Refusal, error, number)),
        Gen.Select(AnyOf("before", "after"), Gen.Int[0, 20], (when, number) => new ScenarioStep(ScenarioStepKind.Death, when, number)));

    private static readonly Gen<ScenarioStep> Tampering = Gen.OneOf(
        Gen.Int[0, 20].Select(number => new ScenarioStep(ScenarioStepKind.Deletion, "", number)),
        Gen.Const(new ScenarioStep(ScenarioStepKind.ClosedWindow, "", 0)),
        Gen.Const(new ScenarioStep(ScenarioStepKind.NoThreads, "", 0)));

    private static readonly Gen<ScenarioStep> Silence = Gen.OneOf(
        Gen.Select(AnyOf("defer", "defer", "discard"), Gen.Int[0, 200], (word, number) =>
            new ScenarioStep(ScenarioStepKind.Silence, word, number)),
        Gen.Int[0, 3].Select(number => new ScenarioStep(ScenarioStepKind.Expiry, "", number)));

    private static readonly Gen<ScenarioStep> Reload = Gen.Int[0, 29].Select(
        number => new ScenarioStep(ScenarioStepKind.Reload, "", number));

    private static readonly Gen<MessageMode> Modes = AnyOf(
        MessageMode.ThreadAndUpdate, MessageMode.ThreadAndUpdate, MessageMode.Update, MessageMode.Thread, MessageMode.Post);

    [Fact]
    public Task Play_StormsWithFailuresAndCrashes_ReportEachEventOnceAndInOrder() =>
        PlayAsync(Gen.Frequency((6, Event), (3, Work), (2, Time), (1, Trouble)), iterations: 400);

    [Fact]
    public Task Play_QuietHoursAndSilencesToo_ReportOrDiscardEachEventOnceAndInOrder() =>
        PlayAsync(Gen.Frequency((6, Event), (3, Work), (2, Time), (1, Trouble), (1, Silence)), iterations: 400, hasQuietHours: true);

    [Fact]
    public Task Play_ChannelChangedByOthersToo_ReportsEachEvent() =>
        PlayAsync(Gen.Frequency((6, Event), (3, Work), (2, Time), (1, Trouble), (1, Tampering)), iterations: 200);

    [Fact]
    public Task Play_SettingsChangedToo_ReportsEachEventInOrder() =>
        PlayAsync(
            Gen.Frequency((6, Event), (3, Work), (2, Time), (1, Trouble), (1, Silence), (1, Reload)), iterations: 400, hasQuietHours: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Play_DeathAtEachWrite_ReportsEachEventOnceAndInOrder(bool canChange)
    {
        for (var write = 0; write < 30; write++)
        {
            foreach (var when in (string[])["before", "after"])
            {
                using var scenario = new DigestScenario(MessageMode.ThreadAndUpdate, isDigestible: true, canChange);
                await scenario.PlayAsync(
                [
                    .. Enumerable.Range(0, 20).Select(number => new ScenarioStep(ScenarioStepKind.Event, "created", number)),
                    new ScenarioStep(ScenarioStepKind.Death, when, write),
                    new ScenarioStep(ScenarioStepKind.Work, "", 12),
                    new ScenarioStep(ScenarioStepKind.Time, "", 6),
                    new ScenarioStep(ScenarioStepKind.Work, "", 12),
                    .. Enumerable.Range(5, 5).Select(number => new ScenarioStep(ScenarioStepKind.Event, "resolved", number)),
                    new ScenarioStep(ScenarioStepKind.Time, "", 21),
                    new ScenarioStep(ScenarioStepKind.Work, "", 12),
                ]);
                await scenario.CheckAsync();
            }
        }
    }

    [Fact]
    public async Task Play_ChannelChangedWhileAnUrgentDigestHoldsANormalEvent_ReportsItBeforeALaterOneOfItsDefect()
    {
        using var scenario = new DigestScenario(MessageMode.ThreadAndUpdate, isDigestible: true, canChange: true);
        // Blockers of four defects; the later events are of the last of these defects.
        await scenario.PlayAsync(
        [
            .. Enumerable.Range(21, 4).Select(number => new ScenarioStep(ScenarioStepKind.Event, "created", number)),
            new ScenarioStep(ScenarioStepKind.Time, "", 18),
            new ScenarioStep(ScenarioStepKind.Work, "", 12),
            new ScenarioStep(ScenarioStepKind.Event, "created", 3),
            new ScenarioStep(ScenarioStepKind.Work, "", 0),
            new ScenarioStep(ScenarioStepKind.Event, "created", 10),
            new ScenarioStep(ScenarioStepKind.Reload, "", 21),
        ]);
        await scenario.CheckAsync();
    }

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static async Task PlayAsync(Gen<ScenarioStep> step, int iterations, bool hasQuietHours = false) =>
        await Gen.Select(step.List[5, 60], Modes, Gen.Bool, Gen.Bool, Gen.Bool).SampleAsync(
            async (steps, mode, isDigestible, canChange, hasRepeats) =>
            {
                using var scenario = new DigestScenario(mode, isDigestible, canChange, hasQuietHours, hasRepeats);
                await scenario.PlayAsync(steps);
                await scenario.CheckAsync();
            },
            iter: PropertyCases.Of(iterations),
            threads: 1);
}
