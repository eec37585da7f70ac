using System.Text.Json;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering.JsonTemplates;

/// <summary>Renders to a platform's JSON, with people to mention.</summary>
internal static class RenderedJson
{
    public static readonly TemplateOptions Options = new()
    {
        Path = "no-such-folder",
        TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        Mentions = new Dictionary<string, Mention>(StringComparer.OrdinalIgnoreCase)
        {
            ["qa-lead"] = new("QA lead") { Slack = "U012AB3CD", Teams = "lead@contoso.com" },
            ["qa-team"] = new("QA team") { Slack = "S012AB3CD" },
            ["everybody"] = new("everybody") { Slack = "here" },
        },
    };

    /// <summary>Uses the text as the platform's JSON template, beside a Markdown template that writes <c># fallback</c>.</summary>
    public static RenderResult Of(ChatPlatform platform, string template, DefectEvent? defectEvent = null, bool mayBeRepeat = false) =>
        Of(platform, defectEvent, mayBeRepeat, ($"{(platform == ChatPlatform.Slack ? "slack" : "teams")}/defect.y.json.sbn", template),
            ("defect.y.sbn", "# fallback"));

    public static RenderResult Of(ChatPlatform platform, DefectEvent? defectEvent, bool mayBeRepeat,
        params ReadOnlySpan<(string Name, string Text)> files)
    {
        using var folder = new TemplateFolder(files);
        var store = TemplateStore.Load(Options with { Path = folder.Path }, NullLogger<TemplateStore>.Instance);
        Assert.Empty(store.Errors);
        return By(store, platform, (defectEvent ?? Some.DefectEvent) with { Name = "defect.y" }, mayBeRepeat);
    }

    /// <summary>Time stands still, so that a busy machine cannot cause a timeout.</summary>
    public static RenderResult By(TemplateStore store, ChatPlatform platform, DefectEvent defectEvent, bool mayBeRepeat = false)
    {
        var renderer = new MessageRenderer(store, [new SlackMessageFormatter(), new TeamsMessageFormatter()], new QaseOptions(),
            new FakeTimeProvider());
        var result =
            renderer.Render(new RenderRequest
            {
                Event = defectEvent,
                ReceivedAt = Some.Moment,
                Platform = platform,
                MayBeRepeat =
            mayBeRepeat
            });
        Assert.Empty(Check(platform, result));
        return result;
    }

    /// <summary>The blocks or the body of the message; the template must not fail.</summary>
    public static string Content(ChatPlatform platform, string template, DefectEvent? defectEvent = null)
    {
        var result = Of(platform, template, defectEvent);
        Assert.Null(result.Error);
        var message = JsonElement.Parse(result.Message.Json.Span);
        return (platform == ChatPlatform.Slack ? message.GetProperty("blocks") : message.GetProperty("attachments")[0]
            .GetProperty("content").GetProperty("body")).GetRawText();
    }

    public static IReadOnlyList<string> Check(ChatPlatform platform, RenderResult result)
    {
        var message = JsonElement.Parse(result.Message.Json.Span);
        return platform == ChatPlatform.Slack ? SlackRules.Check(message) : TeamsRules.Check(message);
    }
}
