using System.Text;
using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

/// <summary>Encodings, surrogates and depth.</summary>
public sealed class WebhookParserTextTests
{
    [Fact]
    public void Parse_ByteOrderMark_IsSkipped()
    {
        byte[] body = [0xEF, 0xBB, 0xBF, .. """{"event_name":"defect.created","payload":{"id":73}}"""u8];

        Assert.Equal(73, WebhookParser.Parse(body, "").Event?.SubjectId);
    }

    [Theory]
    [InlineData(@"\ud83d", "\uFFFD")] // a lone high one at the end of the text
    [InlineData(@"\udc69", "\uFFFD")] // a lone low one
    [InlineData(@"\udc69\ud83d", "\uFFFD\uFFFD")] // swapped
    [InlineData(@"\ud83d\ud83d\udc69", "\uFFFD\U0001F469")]
    [InlineData(@"\ud83dx", "\uFFFDx")]
    [InlineData(@"\ud83d\n", "\uFFFD\n")]
    [InlineData(@"\uD83D\uDC69", "\U0001F469")] // a complete pair stays
    [InlineData(@"\\ud83d", @"\ud83d")] // an escaped backslash, then text
    [InlineData(@"\\\ud83d", "\\\uFFFD")]
    [InlineData(@"\\\\ud83d\u0041", @"\\ud83dA")]
    public void Parse_LoneSurrogates_AreReplaced(string written, string expected) =>
        Assert.Equal(expected, Webhook.ReadPayload($"\"title\":\"{written}\"").Title);

    [Fact]
    public void Parse_LoneSurrogateInAKey_IsReplaced() =>
        Assert.Equal(1, Webhook.ReadPayload("\"\\ud83d\":1").Payload.GetProperty("\uFFFD").GetInt32());

    [Fact]
    public void Parse_InvalidUtf8_IsReplaced()
    {
        byte[] body = [.. """{"event_name":"defect.created","payload":{"id":73,"title":"caf"""u8, 0xE9, 0xFF, .. "\"}}"u8];

        Assert.Equal("caf\uFFFD\uFFFD", WebhookParser.Parse(body, "").Event?.Title);
    }

    [Fact]
    public void Parse_Utf16_Error()
    {
        var body = Encoding.Unicode.GetBytes("""{"event_name":"defect.created","payload":{"id":73}}""");

        Assert.Equal("invalid-json", Webhook.Refuse(body).Code);
    }

    [Fact]
    public void Parse_64Levels_IsRead()
    {
        // The root and the payload are two of the levels.
        var read = Webhook.ReadPayload($"\"deep\":{Nested(62)}");

        Assert.Equal(73, read.SubjectId);
    }

    [Fact]
    public void Parse_65Levels_IsTooDeep()
    {
        var error = Webhook.Refuse($$$"""{"event_name":"defect.created","payload":{"id":73,"deep":{{{Nested(63)}}}}}""");

        Assert.Equal("too-deep", error.Code);
        Assert.Contains("64 levels", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyThousandLevels_IsTooDeep() => Assert.Equal("too-deep", Webhook.Refuse("{\"a\":" + Nested(200_000) + "}").Code);

    [Fact]
    public void Parse_DuplicateKeys_LastWins() => Assert.Equal("b", Webhook.ReadPayload("\"title\":\"a\",\"title\":\"b\"").Title);

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);
}
