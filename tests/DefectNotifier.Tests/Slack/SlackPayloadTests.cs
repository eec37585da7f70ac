using System.Text;
using System.Text.Json;
using CsCheck;
using DefectNotifier.Chat.Slack.Sending;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackPayloadTests
{
    private const string CorrelationKey =
        "\"metadata\":" + """{"event_type":"defect_notifier_delivery","event_payload":{"delivery_id":"event-7-1"}}""";

    private static readonly Gen<string> AnyName = OneOf(
        "\"text\"", "\"metadata\"", "\"\\u006detadata\"", "\"Metadata\"", "\"channel\"", "\"blocks\"", "\"event_type\"",
        "\"event_payload\"", "\"\"", "\"\\\"\"");

    private static readonly Gen<string> AnyValue = Gen.Recursive<string>((depth, value) => depth > 3
        ? OneOf("null", "1.50", "true", "\"é \\u00e9 <&>\"", "{}", "[]")
        : Gen.OneOf(
            OneOf("null", "-1e9", "\"defect_notifier_delivery\"", "\"event-7-1\"", "\"event-8-1\"", $"{{{CorrelationKey}}}"),
            value.Array[0, 3].Select(items => $"[{string.Join(", ", items)}]"),
            Gen.Select(AnyName, value).Array[0, 4].Select(Object)));

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"text":"a"}""", ""","text":"a" """)]
    [InlineData(""" { "text" : "é\u00e9 <&>'" , "blocks":[ {"a":1.0} ] } """, ""","text":"é\u00e9 <&>'","blocks":[ {"a":1.0} ]""")]
    [InlineData("""{"channel":"C2","\u0063hannel":"C3","a":{"channel":"C4"}}""", ""","a":{"channel":"C4"}""")]
    [InlineData("""{"metadata":{"event_type":"theirs"},"\u006detadata":null,"a":{"metadata":1}}""", ""","a":{"metadata":1}""")]
    public void ForPost_JsonObject_GetsChannelAndCorrelationKey(string message, string rest) => Assert.Equal(
        $$"""{"channel":"C1",{{CorrelationKey}}{{rest.TrimEnd()}}}""",
        Encoding.UTF8.GetString(SlackPayload.ForPost("C1", Encoding.UTF8.GetBytes(message), "event-7-1")!.Value.Span));

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("""{"\ud800":1}""")]
    public void ForPost_AnythingElse_IsNull(string message) =>
        Assert.Null(SlackPayload.ForPost("C1", Encoding.UTF8.GetBytes(message), "event-7-1"));

    [Fact]
    public void ForPost_AnyObject_IsFoundOnlyByItsCorrelationKey() =>
        Gen.Select(Gen.Select(AnyName, AnyValue).Array[0, 6].Select(Object), Gen.Bool).Sample((message, isTextOnly) =>
        {
            var plain = isTextOnly
                ? SlackPayload.TextOnly(new ChatMessage(ChatPlatform.Slack, Encoding.UTF8.GetBytes(message)))
                : null;
            var post = JsonElement.Parse(SlackPayload.ForPost("C1", plain ?? Encoding.UTF8.GetBytes(message), "event-7-1")!.Value.Span);

            Assert.True(SlackPayload.HasCorrelationKey(post, "event-7-1"));
            Assert.False(SlackPayload.HasCorrelationKey(post, "event-8-1"));
            Assert.Single(post.EnumerateObject(), member => member.Name == "metadata");
            Assert.Equal("C1", Assert.Single(post.EnumerateObject(), member => member.Name == "channel").Value.GetString());
        }, iter: PropertyCases.Of(2_000));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Object(IEnumerable<(string Name, string Value)> members) =>
        $"{{{string.Join(",", members.Select(member => $"{member.Name} : {member.Value}"))}}}";
}
