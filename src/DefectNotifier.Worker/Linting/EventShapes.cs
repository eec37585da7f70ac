using System.Reflection;
using System.Text;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Worker.Linting;

/// <summary>The shapes that events come in: Qase's own samples, events that say next to nothing, and events whose every text is meant to do harm.</summary>
internal static class EventShapes
{
    private const string Prefix = "shapes/";

    private static readonly string[] Unusual = ["created-stacktrace", "created-slack-control", "created-unicode"];

    private static readonly string Hostile = string.Concat(
        "<!channel> <@U012AB3CD> @everyone <https://evil.example|Open in Qase> </at> # *_~`>| {{ defect.title }} {{ end }} {% x %} \"}]},\\ \u202Egnp.exe \u0000\u001b[31m \uE000\uE001\uE00B ![x](http://x) [x](javascript:alert(1))\r\n---\r\n| a | b |\n",
        "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67 e\u0301 \u05E9\u05DC\u05D5\u05DD ");

    public static IReadOnlyList<EventShape> All { get; } = [.. Samples(), .. Made(), .. Remembered()];

    private static IEnumerable<EventShape> Samples()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            var name = resource[Prefix.Length..^".json".Length];
            yield return new EventShape(name, Parse(bytes.ToArray()), !Unusual.Contains(name));
        }
    }

    private static IEnumerable<EventShape> Made()
    {
        yield return new EventShape("sparse", Parse("""{"event_name":"defect.created","payload":{"id":1}}"""u8.ToArray()), IsUsual: false);
        yield return new EventShape("nulls", Parse(
            """{"event_name":"defect.created","timestamp":null,"payload":{"id":1,"title":null,"severity":null,"actual_result":null,"case_id":null,"step":null,"attachments":null,"status":null},"team_member_id":null,"project_code":null}"""u8.ToArray()), IsUsual: false);
        yield return new EventShape("hostile", Parse(Full(Hostile)), IsUsual: false);
        yield return new EventShape("60,000 characters", Parse(Full(string.Concat(Enumerable.Repeat("words <&> and 👩‍👩‍👧 ", 3000)))), IsUsual: false);
        yield return new EventShape("60,000 letters", Parse(Full(new string('W', 60_000))), IsUsual: false);
    }

    // Created, and then what the service has seen besides when the message is made.
    private static IEnumerable<EventShape> Remembered()
    {
        var body = """{"event_name":"defect.created","timestamp":1773500966,"payload":{"id":1,"title":"Checkout total ignores the voucher","severity":"major","actual_result":"49.90"},"team_member_id":40,"project_code":"WEB"}"""u8.ToArray();
        var created = Parse(body);
        foreach (var (name, action, status) in (IEnumerable<(string, string, string?)>)[("resolved since", "resolved", null), ("deleted since", "deleted", null), ("invalid since", "updated", "invalid"), ("in progress since", "updated", "in_progress")])
        {
            var next = Parse(Encoding.UTF8.GetBytes($$$"""{"event_name":"defect.{{{action}}}","timestamp":1773601200,"payload":{"id":1},"team_member_id":0,"project_code":"WEB"}"""));
            var defect = Defect.After(before: null, created, "created", created.OccurredAt!.Value, body);
            defect = Defect.After(defect, next with { Status = status }, "next", next.OccurredAt!.Value, body: default);
            yield return new EventShape(name, next, IsUsual: true) { Defect = defect };
        }
    }

    private static byte[] Full(string text)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event_name", "defect.created");
            json.WriteNumber("timestamp", 1650532563);
            json.WriteNumber("team_member_id", 40);
            json.WriteString("project_code", text[..100]);
            json.WriteStartObject("payload");
            json.WriteNumber("id", 1);
            foreach (var field in (string[])["title", "severity", "status", "actual_result", "destination", "reason", "detail", "advice", "custom"]) json.WriteString(field, text);
            json.WriteStartArray("attachments");
            for (var i = 0; i < 60; i++)
            {
                json.WriteStartObject();
                json.WriteString("filename", text[..Math.Min(text.Length, 500)]);
                json.WriteString("url", "javascript:" + text[..Math.Min(text.Length, 500)]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static DefectEvent Parse(byte[] body) => WebhookParser.Parse(body, "").Event ?? throw new InvalidOperationException("An event shape can't be read.");
}
