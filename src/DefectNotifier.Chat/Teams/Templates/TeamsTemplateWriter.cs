using System.Text.Json.Nodes;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Templates;

/// <summary>Makes a message from the output of a Teams JSON template: an Adaptive Card, or a message that contains one.</summary>
internal sealed class TeamsTemplateWriter
{
    private readonly JsonTemplate _template;
    private readonly JsonObject _written;
    private readonly TemplateLocation _location;

    public TeamsTemplateWriter(JsonTemplate template)
    {
        _template = template;
        (_written, _location) = template.Root switch
        {
            JsonObject card when IsCard(card) => (card, TemplateLocation.Top),
            JsonObject message when message["attachments"] is JsonArray { Count: 1 } attachments
                && attachments[0] is JsonObject attachment && attachment["content"] is JsonObject card && IsCard(card) =>
                (card, TemplateLocation.Top with { Path = "$.attachments[0].content" }),
            _ => throw new JsonTemplateException("$", "is neither an Adaptive Card (\"type\": \"AdaptiveCard\") nor a message with one."),
        };
    }

    public ChatMessage Write()
    {
        var whole = Bind(int.MaxValue, int.MaxValue, isShortened: false);
        var json = JsonTemplateShrinker.Fit(_template, BodyOf(whole).Count, TryWrite);
        return new ChatMessage(ChatPlatform.Teams, json) { Text = TeamsTextView.Render(TemplateJson.Write(whole)).TrimEnd() };
    }

    private static bool IsCard(JsonObject map) => TemplateLocation.TypeOf(map) == "AdaptiveCard";

    private byte[]? TryWrite(int maxValue, int elements, bool isShortened)
    {
        var card = Bind(maxValue, elements, isShortened);
        var summary = AddFallbackText(card);
        var message = TemplateJson.Write(new JsonObject
        {
            ["type"] = "message",
            ["summary"] = Graphemes.Cut(summary, TeamsLimits.Summary),
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                // Must be present and null: without it some flows respond with 400 TriggerInputSchemaMismatch.
                ["contentUrl"] = null,
                ["content"] = card,
            }),
        });
        return TeamsEnvelope.IsWithinLimits(message) ? message : null;
    }

    private JsonObject Bind(int maxValue, int elements, bool isShortened)
    {
        var binder = new TeamsValueBinder(_template, maxValue);
        if (binder.BindCard(_written, _location) is not { } card) throw new JsonTemplateException(_location.Path, "has nothing to show.");
        var body = card["body"] as JsonArray ?? [];
        var actions = card["actions"] as JsonArray ?? [];
        while (body.Count > Math.Max(elements, 0)) body.RemoveAt(body.Count - 1);
        while (actions.Count > TeamsLimits.Actions) actions.RemoveAt(actions.Count - 1);
        if (actions.Count == 0) card.Remove("actions");
        if (body.Count == 0 && actions.Count == 0) throw new JsonTemplateException(_location.Path, "has nothing to show.");
        foreach (var note in _template.Notes) body.Add(Note(new MessageInline(note)));
        if (isShortened) body.Add(Note([.. DocumentShrinker.NoteOf(_template.Link)]));
        card["body"] ??= body;
        card["version"] ??= "1.2";
        AddMentions(card, body, binder.Mentions);
        return card;
    }

    // The author's own text stays.
    private string AddFallbackText(JsonObject card)
    {
        if (card["fallbackText"] is JsonValue own) return own.ToString();
        var heading = TemplateJson.Objects(card["body"])
            .Where(element => TemplateLocation.TypeOf(element) is "TextBlock" or "RichTextBlock")
            .Select(element => new JsonObject { ["type"] = "AdaptiveCard", ["body"] = new JsonArray(element.DeepClone()) })
            .SelectMany(shown => TeamsTextView.Render(TemplateJson.Write(shown)).Split('\n'))
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Any(char.IsLetterOrDigit));
        var summary = PlainText.Summary(heading ?? _template.Heading.Value ?? "New message", _template.Labels);
        card["fallbackText"] = TeamsText.EscapeMarkdown(Graphemes.Cut(summary, TeamsLimits.FallbackText));
        return summary;
    }

    private static void AddMentions(JsonObject card, JsonArray body, IEnumerable<Mention> mentions)
    {
        if (card["msteams"] is not JsonObject settings) card["msteams"] = settings = new JsonObject { ["width"] = "Full" };
        // An entity must not be declared when its text is not in the card, for example because it was cut.
        var texts = string.Join('\n', MarkdownTexts(body));
        var entities = (settings["entities"] as JsonArray ?? [])
            .Concat(mentions.Select(Entity))
            .DistinctBy(TextOf)
            .Where(entity => texts.Contains(TextOf(entity), StringComparison.Ordinal))
            .Select(entity => entity!.DeepClone())
            .ToArray();
        if (entities.Length > 0) settings["entities"] = new JsonArray(entities);
        else settings.Remove("entities");
    }

    private static string TextOf(JsonNode? entity) => entity!["text"]!.ToString();

    /// <summary>The texts that can contain mentions: of TextBlocks, facts and unknown elements, but not of RichTextBlocks.</summary>
    private static IEnumerable<string> MarkdownTexts(JsonNode? node) => node switch
    {
        JsonArray items => items.SelectMany(MarkdownTexts),
        JsonObject map when TemplateLocation.TypeOf(map) is var type && type != "RichTextBlock" => map.SelectMany(member =>
            member.Value is not JsonValue value
                ? MarkdownTexts(member.Value)
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

    private static List<JsonNode?> BodyOf(JsonObject card) => (card["body"] as JsonArray)?.ToList() ?? [];
}
