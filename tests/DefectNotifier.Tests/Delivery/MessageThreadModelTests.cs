using CsCheck;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Random scenarios: whatever happens, the channel shows one up-to-date message per defect, and each event once.</summary>
public sealed class MessageThreadModelTests
{
    // Times come from a small range, so that events arrive late, in the same second and twice.
    private static readonly Gen<ScenarioStep> Event = Gen.Select(
        AnyOf("created", "created", "updated", "resolved", "deleted", "reopened"), Gen.Int[0, 200], (name, number) =>
            new ScenarioStep(ScenarioStepKind.Event, name, number));

    private static readonly Gen<ScenarioStep> Work = Gen.Int[0, 20].Select(number => new ScenarioStep(ScenarioStepKind.Work, "", number));

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

    private static readonly Gen<MessageMode> Modes = AnyOf(
        MessageMode.ThreadAndUpdate, MessageMode.ThreadAndUpdate, MessageMode.Update, MessageMode.Thread);

    private static readonly Gen<BroadcastWhen> Broadcasts = AnyOf(BroadcastWhen.Never, BroadcastWhen.OnResolve, BroadcastWhen.Always);

    [Fact]
    public Task Play_EventsWithFailuresAndCrashes_ShowEachDefectOnceAndUpToDate() =>
        PlayAsync(Gen.Frequency((5, Event), (4, Work), (2, Trouble)), iterations: 300);

    [Fact]
    public Task Play_ChannelChangedByOthersToo_StillEndsUpToDate() =>
        PlayAsync(Gen.Frequency((5, Event), (4, Work), (1, Trouble), (1, Tampering)), iterations: 200);

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static async Task PlayAsync(Gen<ScenarioStep> step, int iterations) =>
        await Gen.Select(step.List[3, 25], Modes, Broadcasts, Gen.Bool, Gen.Bool).SampleAsync(
        async (steps, mode, broadcast, mayRead, hasRepeats) =>
        {
            using var timeline = new MessageThreadScenario(mode, broadcast, mayRead, hasRepeats);
            await timeline.PlayAsync(steps);
            await timeline.CheckAsync();
        },
        iter: PropertyCases.Of(iterations),
        threads: 1);
}
