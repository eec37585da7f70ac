using System.Text.Json;
using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Limits;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Tests.Oracles;

/// <summary>Messages of the shipped templates and of one with everything that a platform accepts.</summary>
internal static class Messages
{
    private static readonly string[] Events = ["defect.created", "defect.updated", "defect.resolved", "defect.deleted", "run.completed"];

    private static readonly string[] HostileTexts = [.. AnyDocument.HostileTexts.Select(Graphemes.ReplaceLoneSurrogates)];

    private static readonly TemplateStore Shipped =
        TemplateStore.Load(new TemplateOptions { Path = "no-such-folder" }, NullLogger<TemplateStore>.Instance);

    public static IEnumerable<(string Name, JsonElement Message)> OfSamples(ChatPlatform platform)
    {
        foreach (var name in Payloads.Names.Concat(Payloads.Notices))
            yield return (name, Json(RenderedJson.By(Shipped, platform, WebhookParser.Parse(Payloads.Read(name), "").Event!)));
    }

    /// <summary>A JSON template with everything that the platform accepts, with hostile texts.</summary>
    public static IEnumerable<(string Name, JsonElement Message)> OfPastedTemplate(ChatPlatform platform)
    {
        var pasted = File.ReadAllText(
            Repository.PathOf("tests/DefectNotifier.Tests/Rendering/JsonTemplates/Pasted", platform.Word() + ".json.sbn"));
        foreach (var text in HostileTexts)
        {
            var defectEvent = Testing.Some.DefectEvent with { Title = text, ActualResult = text, ProjectCode = text };
            yield return ($"pasted with {text}", Json(RenderedJson.Of(platform, pasted, defectEvent)));
        }
    }

    /// <summary>Each with the title, which the message must show.</summary>
    public static IEnumerable<(string Name, JsonElement Message, string Title)> OfHostileTexts(ChatPlatform platform)
    {
        foreach (var text in HostileTexts)
        {
            foreach (var name in Events)
            {
                var payload = new Dictionary<string, object?>
                {
                    ["id"] = 73,
                    ["title"] = text,
                    ["severity"] = text,
                    ["status"] = text,
                    // Markdown, whose links are real ones.
                    ["actual_result"] = "The discount row disappears.",
                    ["attachments"] = new[] { new { filename = text, url = text } },
                    ["custom"] = text,
                };
                var body = JsonSerializer.SerializeToUtf8Bytes(
                    new { event_name = name, project_code = text, timestamp = 1650532563, team_member_id = 418, payload });
                if (WebhookParser.Parse(body, "").Event is { } defectEvent)
                    yield return ($"{name} of {text}", Json(RenderedJson.By(Shipped, platform, defectEvent)), TextCleaning.Clean(text));
            }
        }
    }

    /// <summary>Random values; a failing message is printed.</summary>
    public static IEnumerable<T> Some<T>(Gen<T> values, int all)
    {
        var random = new PCG((uint)Environment.TickCount);
        for (var index = PropertyCases.Of(all); index > 0; index--) yield return values.Generate(random, null, out _);
    }

    private static JsonElement Json(RenderResult result) => JsonElement.Parse(result.Message.Json.Span);
}
