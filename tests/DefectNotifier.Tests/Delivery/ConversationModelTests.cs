using CsCheck;
using DefectNotifier.Routing;

namespace DefectNotifier.Tests.Delivery;

/// <summary>Random stories: whatever happens, the channel shows one message a defect that says how it stands, and each event once.</summary>
public sealed class ConversationModelTests
{
    // Times are drawn from a small range, so that events come late, at the same second and twice.
    private static readonly Gen<StoryStep> Event = Gen.Select(
        AnyOf("created", "created", "updated", "resolved", "deleted", "reopened"), Gen.Int[0, 200], (name, number) => new StoryStep(StoryStepKind.Event, name, number));

    private static readonly Gen<StoryStep> Work = Gen.Int[0, 20].Select(number => new StoryStep(StoryStepKind.Work, "", number));

    private static readonly Gen<StoryStep> Trouble = Gen.OneOf(
        AnyOf("chat.postMessage", "chat.update").Select(method => new StoryStep(StoryStepKind.LostAnswer, method, 0)),
        Gen.Select(
            AnyOf("internal_error", "ratelimited", "service_unavailable", "fatal_error"), Gen.Int[0, 1], (error, number) => new StoryStep(StoryStepKind.Refusal, error, number)),
        Gen.Select(AnyOf("before", "after"), Gen.Int[0, 20], (when, number) => new StoryStep(StoryStepKind.Death, when, number)));

    private static readonly Gen<StoryStep> Tampering = Gen.OneOf(
        Gen.Int[0, 20].Select(number => new StoryStep(StoryStepKind.Deletion, "", number)),
        Gen.Const(new StoryStep(StoryStepKind.ClosedWindow, "", 0)),
        Gen.Const(new StoryStep(StoryStepKind.NoThreads, "", 0)));

    private static readonly Gen<ConversationMode> Modes = AnyOf(ConversationMode.ThreadAndUpdate, ConversationMode.ThreadAndUpdate, ConversationMode.Update, ConversationMode.Thread);

    private static readonly Gen<BroadcastWhen> Broadcasts = AnyOf(BroadcastWhen.Never, BroadcastWhen.OnResolve, BroadcastWhen.Always);

    [Fact]
    public Task Play_EventsInAnyOrderWithTroublesAndDeaths_ShowsEachDefectOnceAndTruly() =>
        PlayAsync(Gen.Frequency((5, Event), (4, Work), (2, Trouble)), iterations: 300);

    [Fact]
    public Task Play_WhileSomebodyTampersWithTheChannelToo_StillEndsTruly() =>
        PlayAsync(Gen.Frequency((5, Event), (4, Work), (1, Trouble), (1, Tampering)), iterations: 200);

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static async Task PlayAsync(Gen<StoryStep> step, int iterations) => await Gen.Select(step.List[3, 25], Modes, Broadcasts, Gen.Bool).SampleAsync(
        async (steps, mode, broadcast, mayRead) =>
        {
            using var story = new ConversationStory(mode, broadcast, mayRead);
            await story.PlayAsync(steps);
            await story.CheckAsync();
        },
        iter: iterations,
        threads: 1);
}
