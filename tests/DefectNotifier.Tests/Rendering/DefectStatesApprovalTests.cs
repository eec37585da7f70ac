using System.Text.Json;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>The shipped messages about a defect as a reader of the channel sees them, in each state of the defect.</summary>
public sealed class DefectStatesApprovalTests
{
    private static readonly MessageRenderer Renderer = new(
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance),
        [new SlackMessageFormatter(), new TeamsMessageFormatter()],
        new QaseOptions(),
        new FakeTimeProvider());

    public static MatrixTheoryData<string, bool> Cases => new(["created", "updated", "resolved", "deleted"], [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Render_EachState_MatchesTheApprovedFile(string action, bool isKnown)
    {
        // States that show the same are listed once. A defect that was created has no reply about that, and a deleted one stays deleted.
        var states = DefectStates.Names.Where(state => action != "deleted" || state == "deleted");
        var views = states.SelectMany(state => Views(action, state, isKnown))
            .GroupBy(one => (one.Place, one.View), one => one.State)
            .Select(one => (one.Key.Place, one.Key.View, States: string.Join(", ", one)))
            .GroupBy(one => (one.View, one.States), one => one.Place);

        var text = string.Concat(views.Select(one => $"##### {string.Join(" and ", one)}: {one.Key.States}\n\n{one.Key.View}\n\n"));

        Approved.Check($"states/{action}.{(isKnown ? "all-known" : "nothing-known")}", text);
    }

    [Fact]
    public void Render_MessageThatOthersHaveJoined_MatchesTheApprovedFile()
    {
        var views = from action in (string[])["created", "updated", "resolved", "deleted"]
                    from platform in (ChatPlatform[])[ChatPlatform.Slack, ChatPlatform.Teams]
                    select $"##### {action}, {platform}\n\n{View(action, "new", isKnown: true, platform, isReply: false, repeats: 2)}\n\n";

        Approved.Check("states/repeats", string.Concat(views));
    }

    private static IEnumerable<(string State, string Place, string View)> Views(string action, string state, bool isKnown)
    {
        yield return (state, "Slack", View(action, state, isKnown, ChatPlatform.Slack, isReply: false));
        if (action != "created") yield return (state, "Slack reply", View(action, state, isKnown, ChatPlatform.Slack, isReply: true));
        yield return (state, "Teams", View(action, state, isKnown, ChatPlatform.Teams, isReply: false));
    }

    private static string View(string action, string state, bool isKnown, ChatPlatform platform, bool isReply, int repeats = 0)
    {
        var (defectEvent, defect) = DefectStates.Read(action, state, isKnown);
        var result = Renderer.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            Names = isKnown ? DefectStates.People : new Dictionary<long, string>(),
            ReceivedAt = Some.Moment,
            Platform = platform,
            IsReply = isReply,
            Repeats = repeats,
        });

        Assert.Null(result.Error);
        Assert.Empty(RenderedJson.Check(platform, result));
        var json = JsonElement.Parse(result.Message.Json.Span);
        var view = platform == ChatPlatform.Slack ? SlackTextView.Render(result.Message.Json) : TeamsTextView.Render(result.Message.Json);
        var notification = platform == ChatPlatform.Slack
            ? json.GetProperty("text")
            : json.GetProperty("attachments")[0].GetProperty("content").GetProperty("fallbackText");
        return $"Notification: {notification}\n{view.Trim()}";
    }
}
