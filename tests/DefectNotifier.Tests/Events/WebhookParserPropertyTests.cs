using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

public sealed class WebhookParserPropertyTests
{
    private static readonly string[] Samples = [.. Payloads.Names];
    private static readonly string[] Codes =
    [
        "empty-body", "truncated-json", "invalid-json", "not-an-object", "too-deep", "trailing-content",
        "missing-event-name", "invalid-event-name", "missing-defect-id", "invalid-project-code",
    ];

    private static readonly Gen<byte[]> JsonLikeBytes = Gen.OneOf(
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d83d", "\"event_name\"", "\"defect.created\"", "\"payload\"",
            "\"id\"", "1", "-", "e9", ".", "null", "true", " ", "\n", "\uFEFF", "é")
        .Array[0, 30].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));

    [Fact]
    public void Parse_AnyBytes_EventOrErrorFromTheClosedList() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], JsonLikeBytes).Sample(CheckResponse, iter: PropertyCases.Of(20_000));

    [Fact]
    public void Parse_SampleWithChangedBytes_EventOrError() =>
        Gen.Select(Gen.OneOf(Samples), Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 5]).Sample(
            (sample, changes) =>
            {
                var body = Payloads.Read(sample);
                foreach (var (at, value) in changes) body[at % body.Length] = value;
                CheckResponse(body);
            },
            iter: PropertyCases.Of(3_000));

    [Fact]
    public void Parse_SampleWithUnknownFields_SameEvent() =>
        Gen.Select(Gen.OneOf(Samples), Gen.String, Gen.String, Gen.Bool).Sample(
            (sample, key, text, inPayload) =>
            {
                var plain = WebhookParser.Parse(Payloads.Read(sample), "shop").Event!;
                var root = JsonNode.Parse(Payloads.Read(sample))!.AsObject();
                (inPayload ? root["payload"]!.AsObject() : root)["x-" + key] = new JsonArray(text, new JsonObject { ["id"] = 1 });

                var read = WebhookParser.Parse(Encoding.UTF8.GetBytes(root.ToJsonString()), "shop").Event!;

                Assert.Equal(
                    plain with { Payload = default, Attachments = [] },
                    read with { Payload = default, Attachments = [] });
                Assert.Equal(plain.Attachments, read.Attachments);
            },
            iter: PropertyCases.Of(1_000));

    private static void CheckResponse(byte[] body)
    {
        var result = WebhookParser.Parse(body, "");
        if (result.IsEvent) Assert.InRange(result.Event.Name.Length, 1, 128);
        else Assert.Contains(result.Error.Code, Codes);
    }
}
