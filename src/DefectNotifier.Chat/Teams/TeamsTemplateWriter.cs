using System.Text.Json.Nodes;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>Makes a message of what a Teams JSON template wrote: an Adaptive Card, or the envelope with one.</summary>
internal sealed class TeamsTemplateWriter
{
    private readonly JsonTemplate _template;
    private readonly JsonObject _written;
    private readonly SchemaPlace _place;

    public TeamsTemplateWriter(JsonTemplate template)
    {
        _template = template;
        (_written, _place) = template.Root switch
        {
            JsonObject card when SchemaPlace.TypeOf(card) == "AdaptiveCard" => (card, SchemaPlace.Top),
            JsonObject envelope when envelope["attachments"] is JsonArray { Count: 1 } attachments && attachments[0] is JsonObject attachment
                && attachment["content"] is JsonObject card && SchemaPlace.TypeOf(card) == "AdaptiveCard" => (card, SchemaPlace.Top with { Path = "$.attachments[0].content" }),
            _ => throw new JsonTemplateException("$", "is neither an Adaptive Card (\"type\": \"AdaptiveCard\") nor a message with one."),
        };
    }

    public ChatMessage Write()
    {
        var whole = Place(int.MaxValue, int.MaxValue, isShortened: false);
        var json = JsonTemplateShrinker.Fit(_template, Body(whole).Count, TryWrite);
        return new ChatMessage(ChatPlatform.Teams, json) { Text = TeamsTextView.Render(TemplateJson.Write(whole)).TrimEnd() };
    }

    private byte[]? TryWrite(int cap, int elements, bool isShortened)
    {
        var message = TemplateJson.Write(new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                // Null, and there: without it some flows answer 400 TriggerInputSchemaMismatch.
                ["contentUrl"] = null,
                ["content"] = Place(cap, elements, isShortened),
            }),
        });
        return TeamsEnvelope.IsWithinLimits(message) ? message : null;
    }

    private JsonObject Place(int cap, int elements, bool isShortened)
    {
        var placer = new TeamsValueBinder(_template, cap);
        if (placer.PlaceCard(_written, _place) is not { } card) throw new JsonTemplateException(_place.Path, "has nothing to show.");
        var body = card["body"] as JsonArray ?? [];
        var actions = card["actions"] as JsonArray ?? [];
        while (body.Count > Math.Max(elements, 0)) body.RemoveAt(body.Count - 1);
        while (actions.Count > TeamsLimits.Actions) actions.RemoveAt(actions.Count - 1);
        if (actions.Count == 0) card.Remove("actions");
        if (body.Count == 0 && actions.Count == 0) throw new JsonTemplateException(_place.Path, "has nothing to show.");
        foreach (var note in _template.Notes) body.Add(Note(new MessageInline(note)));
        if (isShortened) body.Add(Note([.. DocumentShrinker.NoteOf(_template.Link)]));
        Complete(card, body, [.. placer.Mentions]);
        return card;
    }

    private void Complete(JsonObject card, JsonArray body, IReadOnlyList<Mention> mentions)
    {
        card["body"] ??= body;
        card["version"] ??= "1.2";
        if (card["fallbackText"] is null)
        {
            var heading = TeamsTextView.Render(TemplateJson.Write(card)).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Any(char.IsLetterOrDigit));
            card["fallbackText"] = TeamsText.EscapeMarkdown(GraphemeText.Cut(Summary.Of(heading ?? "New message", _template.Labels), TeamsLimits.FallbackText));
        }

        if (card["msteams"] is not JsonObject settings) card["msteams"] = settings = new JsonObject { ["width"] = "Full" };
        // Whoever is named in no text, perhaps because it was left out, must not be named as meant.
        var words = string.Join('\n', WithMarkdown(body));
        var entities = (settings["entities"] as JsonArray ?? []).Concat(mentions.Select(Entity)).DistinctBy(TextOf).Where(entity => words.Contains(TextOf(entity), StringComparison.Ordinal)).Select(entity => entity!.DeepClone()).ToArray();
        if (entities.Length > 0) settings["entities"] = new JsonArray(entities);
        else settings.Remove("entities");
    }

    private static string TextOf(JsonNode? entity) => entity!["text"]!.ToString();

    /// <summary>The texts that can mention somebody: of TextBlocks, of facts, and of whatever is not known here; not those of RichTextBlocks.</summary>
    private static IEnumerable<string> WithMarkdown(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(WithMarkdown),
        JsonObject map when SchemaPlace.TypeOf(map) is var type && type != "RichTextBlock" => map.SelectMany(member => member.Value is not JsonValue value
            ? WithMarkdown(member.Value)
            : member.Key == "text" || (type.Length == 0 && member.Key is "title" or "value") ? [value.ToString()] : []),
        _ => [],
    };

    private static JsonNode Entity(Mention mention) => new JsonObject
    {
        ["type"] = "mention",
        ["text"] = TeamsText.AtOf(mention),
        ["mentioned"] = new JsonObject { ["id"] = mention.Teams, ["name"] = mention.Name },
    };

    private static JsonNode Note(params MessageInline[] runs) => new JsonObject
    {
        ["type"] = "TextBlock",
        ["text"] = TeamsText.ToMarkdown(runs),
        ["wrap"] = true,
        ["size"] = "Small",
        ["isSubtle"] = true,
    };

    private static List<JsonNode?> Body(JsonObject card) => (card["body"] as JsonArray)?.ToList() ?? [];
}
