using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Outbox.Rules;
using DefectNotifier.Rendering.Templates;

namespace DefectNotifier.Worker.Linting;

/// <summary>An event to render templates with.</summary>
/// <param name="Name">What kind of event it is, for people: <c>created-unicode</c>.</param>
/// <param name="Event">The event.</param>
/// <param name="IsTypical">True for everyday events: when the message for one has to be shortened, that is worth a warning.</param>
internal sealed record EventShape(string Name, DefectEvent Event, bool IsTypical)
{
    /// <summary>What is already stored about the defect; null: only what the event says.</summary>
    public Defect? Defect { get; init; }

    /// <summary>What a digest shows; null: the event is not a digest.</summary>
    public DigestContents? Digest { get; init; }
}

/// <summary>The events that templates are checked with: Qase's own samples, nearly empty events, and events full of hostile text.</summary>
internal static class EventShapes
{
    private const string ResourcePrefix = "shapes/";

    private static readonly string[] AtypicalSamples = ["created-stacktrace", "created-slack-control", "created-unicode"];

    private static readonly string HostileText = string.Concat(
        "<!channel> <@U012AB3CD> @everyone <https://evil.example|Open in Qase> </at> # *_~`>| ",
        "{{ defect.title }} {{ end }} {% x %} \"}]},\\ \u202Egnp.exe \u0000\u001b[31m \uE000\uE001\uE00B ",
        "![x](http://x) [x](javascript:alert(1))\r\n---\r\n| a | b |\n",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 e\u0301 \u05E9\u05DC\u05D5\u05DD ");

    private static readonly string[] TextFields =
        ["title", "severity", "status", "actual_result", "destination", "reason", "detail", "advice", "custom"];

    public static IReadOnlyList<EventShape> All { get; } = [.. Samples(), .. Synthetic(), .. WithHistory(), .. Digests()];

    private static IEnumerable<EventShape> Samples()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var resources = assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal));
        foreach (var resource in resources.Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var name = resource[ResourcePrefix.Length..^".json".Length];
            yield return new EventShape(name, Parse(bytes.ToArray()), !AtypicalSamples.Contains(name));
        }
    }

    private static IEnumerable<EventShape> Synthetic()
    {
        yield return Atypical("sparse", """{"event_name":"defect.created","payload":{"id":1}}"""u8.ToArray());
        yield return Atypical(
            "nulls",
            """
            {
              "event_name": "defect.created", "timestamp": null, "team_member_id": null, "project_code": null,
              "payload": {
                "id": 1, "title": null, "severity": null, "actual_result": null, "case_id": null, "step": null, "attachments": null,
                "status": null
              }
            }
            """u8.ToArray());
        yield return Atypical("hostile", AllFields(HostileText));
        yield return Atypical("60,000 characters", AllFields(string.Concat(Enumerable.Repeat("words <&> and 👩‍👩‍👧 ", 3000))));
        yield return Atypical("60,000 letters", AllFields(new string('W', 60_000)));
    }

    // A created event whose defect has changed before the message is rendered.
    private static IEnumerable<EventShape> WithHistory()
    {
        var body =
            """
            {
              "event_name": "defect.created",
              "timestamp": 1773500966,
              "payload": { "id": 1, "title": "Checkout total ignores the voucher", "severity": "major", "actual_result": "49.90" },
              "team_member_id": 40,
              "project_code": "WEB"
            }
            """u8.ToArray();
        (string Name, string Action, string? Status)[] changes =
        [
            ("resolved since", "resolved", null), ("deleted since", "deleted", null),
            ("invalid since", "updated", "invalid"), ("in progress since", "updated", "in_progress"),
        ];
        var created = Parse(body);
        foreach (var (name, action, status) in changes)
        {
            var json = $$"""{"event_name":"defect.{{action}}","timestamp":1773601200,"payload":{"id":1},"project_code":"WEB"}""";
            var next = Parse(Encoding.UTF8.GetBytes(json));
            var defect = Defect.After(before: null, created, "created", created.OccurredAt!.Value, body);
            defect = Defect.After(defect, next with { Status = status }, "next", next.OccurredAt!.Value, body: default);
            yield return new EventShape(name, next, IsTypical: true) { Defect = defect };
        }
    }

    private static IEnumerable<EventShape> Digests()
    {
        var digest = SampleDigest.Event;
        var at = digest.OccurredAt!.Value;
        foreach (var count in (int[])[2, 200])
            yield return new EventShape($"digest of {count} events", digest, IsTypical: true) { Digest = SampleDigest.Of(count, at) };

        var hostile = new DigestGrouping(new Digest(0, "", DigestCause.Silence) { Since = at });
        var one = Parse(AllFields(HostileText));
        for (var number = 0; number < 300; number++)
        {
            var created = one with { SubjectId = number, Title = $"{number} {HostileText}" };
            hostile.Add(
                new DigestMember("", created.Name, created.ProjectCode, number, at),
                _ => Defect.After(before: null, created, "created", at, body: default));
        }

        var contents = hostile.Build(new SilenceNote(HostileText, HostileText));
        yield return new EventShape("hostile digest", digest, IsTypical: false) { Digest = contents };
    }

    private static EventShape Atypical(string name, byte[] body) => new(name, Parse(body), IsTypical: false);

    // A webhook with the text in every field.
    private static byte[] AllFields(string text)
    {
        var shortText = text[..Math.Min(text.Length, 500)];
        var attachments = Enumerable.Range(0, 60)
            .Select(JsonNode (_) => new JsonObject { ["filename"] = shortText, ["url"] = "javascript:" + shortText });
        var payload = new JsonObject { ["id"] = 1, ["attachments"] = new JsonArray([.. attachments]) };
        foreach (var field in TextFields) payload[field] = text;
        var webhook = new JsonObject
        {
            ["event_name"] = "defect.created",
            ["timestamp"] = 1650532563,
            ["team_member_id"] = 40,
            ["project_code"] = text[..100],
            ["payload"] = payload,
        };
        return Encoding.UTF8.GetBytes(webhook.ToJsonString());
    }

    private static DefectEvent Parse(byte[] body) =>
        WebhookParser.Parse(body, "").Event ?? throw new InvalidOperationException("An event shape is not a valid webhook.");
}
