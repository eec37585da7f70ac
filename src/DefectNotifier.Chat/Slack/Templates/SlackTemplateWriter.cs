using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Slack.Blocks;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>
/// Makes a message from the output of a Slack JSON template: a message object, an object with <c>blocks</c>, or a list of blocks.
/// Properties that set where a message is sent, or that turn plain words into mentions, are left out.
/// </summary>
internal sealed class SlackTemplateWriter
{
    /// <summary>The properties of a message that a template may set.</summary>
    private static readonly string[] Allowed =
        ["text", "blocks", "attachments", "unfurl_links", "unfurl_media", "username", "icon_emoji", "icon_url"];

    /// <summary>Properties whose text counts towards <see cref="SlackLimits.AllText"/>.</summary>
    private static readonly string[] CountedTexts = ["text", "alt_text", "fallback", "value", "pretext", "title", "caption"];

    /// <summary>Blocks whose text does not say what the message is about.</summary>
    private static readonly string[] Wordless = ["actions", "context_actions", "image", "video", "file", "divider"];

    private readonly JsonTemplate _template;
    private readonly JsonObject _written;

    public SlackTemplateWriter(JsonTemplate template)
    {
        _template = template;
        _written = template.Root switch
        {
            JsonArray blocks => new JsonObject { ["blocks"] = blocks.DeepClone() },
            JsonObject map when map["blocks"] is JsonArray || map["attachments"] is JsonArray || map["text"] is JsonValue => map,
            _ => throw new JsonTemplateException(
                "$", "is not a Slack message: expected { \"blocks\": [...] }, a message object, or a list of blocks."),
        };
    }

    public ChatMessage Write()
    {
        var whole = Bind(int.MaxValue, int.MaxValue, isShortened: false, isUnlimited: true);
        var json = JsonTemplateShrinker.Fit(_template, BlocksOf(whole).Count, TryWrite);
        return new ChatMessage(ChatPlatform.Slack, json) { Text = SlackTextView.Render(TemplateJson.Write(whole)).TrimEnd() };
    }

    private byte[]? TryWrite(int maxValue, int blocks, bool isShortened)
    {
        var message = Bind(maxValue, blocks, isShortened);
        if (BlocksOf(message).Count > SlackLimits.Blocks || message["text"]!.ToString().Length > SlackLimits.FallbackText) return null;
        var shown = new JsonObject { ["blocks"] = message["blocks"]?.DeepClone(), ["attachments"] = message["attachments"]?.DeepClone() };
        var length = TemplateJson.Texts(shown).Where(text => CountedTexts.Contains(text.Name)).Sum(text => text.Text.Length);
        if (length > SlackLimits.AllText || LengthOf(TemplateJson.Write(shown)) > SlackLimits.AllJson) return null;
        return TemplateJson.Write(message);
    }

    private JsonObject Bind(int maxValue, int blocks, bool isShortened, bool isUnlimited = false)
    {
        var binder = new SlackValueBinder(_template, maxValue, isUnlimited);
        var message = new JsonObject();
        foreach (var (key, value) in _written)
        {
            var location = TemplateLocation.Top.Of(_written, key);
            if (_template.Root is JsonArray) location = location with { Path = TemplateLocation.Top.Path };
            if (!Allowed.Contains(key)) _template.Warn(location.Path, "cannot be set by a template, so it was left out.");
            else if (binder.Bind(value, location) is [var bound]) message[key] = bound;
        }

        SlackSchema.All.Sanitize(_written, message, TemplateLocation.Top, _template);
        if (message["attachments"] is JsonArray { Count: > SlackLimits.Attachments })
            throw new JsonTemplateException("$.attachments", $"has more than {SlackLimits.Attachments} elements.");

        Trim(message, blocks);
        var hasText = VisibleText.IsIn(message["text"]?.ToString());
        if (BlocksOf(message).Count == 0 && message["attachments"] is not JsonArray { Count: > 0 } && !hasText)
            throw new JsonTemplateException("$", "has nothing to show.");

        // Next to blocks the text is shown in notifications only, so cutting it does not count as shortening the message.
        var isTextOnly = hasText && !message.ContainsKey("blocks");
        AddNotes(message, isTextOnly, isShortened || binder.Cut.Any(path => isTextOnly || path != "$.text"));
        Complete(message);
        return message;
    }

    /// <summary>Keeps the given number of blocks, and makes ids unique as Slack requires.</summary>
    private void Trim(JsonObject message, int count)
    {
        if (message["blocks"] is not JsonArray blocks) return;
        foreach (var block in Ranked(blocks).Skip(count).ToList()) blocks.Remove(block);
        if (blocks.Count == 0) message.Remove("blocks");
        if (TemplateJson.Objects(blocks).Count(map => TemplateLocation.TypeOf(map) == "table") > 1)
            _template.Warn("$.blocks", "has more than one table; Slack may reject the message.");
        CheckUnique(blocks, "block_id");
        NumberRepeated(blocks, "action_id", new HashSet<string>(StringComparer.Ordinal));
    }

    private void AddNotes(JsonObject message, bool isTextOnly, bool isShortened)
    {
        var notes = _template.Notes.Select(note => Format([new MessageInline(note)])).ToList();
        if (isShortened) notes.Add(Format(DocumentShrinker.NoteOf(_template.Link)));
        if (notes.Count == 0) return;
        if (isTextOnly)
        {
            message["text"] = string.Join('\n', notes.Prepend(message["text"]!.ToString()));
            return;
        }

        if (message["blocks"] is not JsonArray blocks) message["blocks"] = blocks = [];
        foreach (var note in notes) blocks.Add(Note(note));
    }

    // The most important blocks first: the header, then buttons, then the rest in order.
    private static IEnumerable<JsonNode?> Ranked(JsonArray blocks)
    {
        var header = blocks.FirstOrDefault(block => TemplateLocation.TypeOf(block!.AsObject()) == "header");
        return blocks.OrderBy(block => block == header ? 0 : TemplateLocation.TypeOf(block!.AsObject()) == "actions" ? 1 : 2);
    }

    private static string Format(IReadOnlyList<MessageInline> runs) =>
        Mrkdwn.TryFormat(runs) ?? Mrkdwn.LiteralWithin(InlineText.Read(runs), SlackLimits.ObjectText);

    private static JsonNode Note(string mrkdwn) => new JsonObject
    {
        ["type"] = "context",
        ["elements"] = new JsonArray(new JsonObject { ["type"] = "mrkdwn", ["text"] = mrkdwn, ["verbatim"] = true }),
    };

    private static void CheckUnique(JsonArray blocks, string name)
    {
        var repeated = TemplateJson.Texts(blocks).Where(text => text.Name == name).GroupBy(text => text.Text)
            .FirstOrDefault(same => same.Count() > 1);
        if (repeated is not null) throw new JsonTemplateException("$.blocks", $"the {name} '{repeated.Key}' is used twice.");
    }

    /// <summary>Copied buttons often have the same action id. Nothing here reacts to it, so the second one gets a number.</summary>
    private static void NumberRepeated(JsonNode? node, string name, HashSet<string> seen)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items) NumberRepeated(item, name, seen);
        }

        if (node is not JsonObject map) return;
        if (map[name] is JsonValue value && value.TryGetValue<string>(out var id) && !seen.Add(id))
        {
            var number = 2;
            while (!seen.Add(Numbered(id, number))) number++;
            map[name] = Numbered(id, number);
        }

        foreach (var (_, child) in map) NumberRepeated(child, name, seen);
    }

    private static string Numbered(string id, int number) => $"{id[..Math.Min(id.Length, 240)]}-{number}";

    private void Complete(JsonObject message)
    {
        if (!VisibleText.IsIn(message["text"]?.ToString()))
            message["text"] = Mrkdwn.LiteralWithin(SummaryOf(message), SlackLimits.FallbackText);

        if (!message.ContainsKey("unfurl_links")) message["unfurl_links"] = false;
        if (!message.ContainsKey("unfurl_media")) message["unfurl_media"] = false;
    }

    /// <summary>The text for notifications: the first line with words, of the header if there is one, else the Markdown heading.</summary>
    private string SummaryOf(JsonObject message)
    {
        var heading = BlocksOf(message)
            .Where(block => !Wordless.Contains(TemplateLocation.TypeOf(block!.AsObject())))
            .OrderBy(block => TemplateLocation.TypeOf(block!.AsObject()) == "header" ? 0 : 1)
            .Select(block => TemplateJson.Write(new JsonObject { ["blocks"] = new JsonArray(WithoutButtons(block!.DeepClone())) }))
            .SelectMany(json => SlackTextView.Render(json).Split('\n'))
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Any(char.IsLetterOrDigit) && !IsType(line));
        return PlainText.Summary(heading ?? _template.Heading.Value ?? "New message", _template.Labels);
    }

    private static JsonNode WithoutButtons(JsonNode block)
    {
        foreach (var map in TemplateJson.Objects(block).ToList())
            foreach (var name in (string[])["actions", "accessory", "hero_image"]) map.Remove(name);
        return block;
    }

    // In place of a block that the view does not know.
    private static bool IsType(string line) => line is ['[', .., ']'] && !line.Contains(' ', StringComparison.Ordinal);

    private static List<JsonNode?> BlocksOf(JsonObject message) => (message["blocks"] as JsonArray)?.ToList() ?? [];

    /// <summary>The length as Slack counts it: a JSON escape counts as one character.</summary>
    private static int LengthOf(byte[] json)
    {
        var text = Encoding.UTF8.GetString(json);
        var length = text.Length;
        for (var at = text.IndexOf('\\', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\\', at))
        {
            var escape = at + 1 < text.Length && text[at + 1] == 'u' ? 6 : 2;
            length -= escape - 1;
            at = Math.Min(at + escape, text.Length);
        }

        return length;
    }
}
