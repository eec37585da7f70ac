using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>What a channel shows for every sample webhook with the templates as they ship.</summary>
public sealed class ShippedTemplatesApprovalTests
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly MessageRenderer Renderer = new(
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance),
        [new SlackMessageFormatter(), new TeamsMessageFormatter()],
        new QaseOptions(),
        new FakeTimeProvider());

    public static MatrixTheoryData<string, ChatPlatform> Samples => new([.. Payloads.Names, .. Payloads.Notices], [ChatPlatform.Slack, ChatPlatform.Teams]);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Render_Sample_IsAsApproved(string sample, ChatPlatform platform)
    {
        var defectEvent = WebhookParser.Parse(Payloads.Read(sample), "").Event!;

        var result = Renderer.Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = platform });

        Assert.Null(result.Fault);
        var view = platform == ChatPlatform.Slack ? SlackTextView.Render(result.Message.Json) : TeamsTextView.Render(result.Message.Json);
        Approved.Check($"{Path.ChangeExtension(sample, null)}.{(platform == ChatPlatform.Slack ? "slack" : "teams")}", $"{view}\n{Indented(result.Message.Json)}\n");
    }

    private static string Indented(ReadOnlyMemory<byte> json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable)) JsonElement.Parse(json.Span).WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
