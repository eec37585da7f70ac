using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.Limits;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Slack;

/// <summary>
/// Makes a message of what a Slack JSON template wrote: a message object, an object with <c>blocks</c>, or the list of blocks alone. What says where a message goes,
/// or makes mentions of plain words, is left out.
/// </summary>
internal sealed class SlackTemplateWriter
{
    /// <summary>Of everything that a message object may hold, what a template has a say in.</summary>
    private static readonly string[] Known = ["text", "blocks", "attachments", "unfurl_links", "unfurl_media", "username", "icon_emoji", "icon_url"];

    private readonly JsonTemplate _template;
    private readonly JsonObject _written;

    public SlackTemplateWriter(JsonTemplate template)
    {
        _template = template;
        _written = template.Root switch
        {
            JsonArray blocks => new JsonObject { ["blocks"] = blocks.DeepClone() },
            JsonObject map when map["blocks"] is JsonArray || map["attachments"] is JsonArray || map["text"] is JsonValue => map,
            _ => throw new JsonTemplateException("$", "is no Slack message: expected { \"blocks\": [...] }, a message object, or a list of blocks."),
        };
    }

    public ChatMessage Write()
    {
        var whole = Place(int.MaxValue, int.MaxValue, isShortened: false, isWhole: true);
        var json = JsonTemplateShrinker.Fit(_template, Blocks(whole).Count, TryWrite);
        return new ChatMessage(ChatPlatform.Slack, json) { Text = SlackTextView.Render(TemplateJson.Write(whole)).TrimEnd() };
    }

    private byte[]? TryWrite(int cap, int blocks, bool isShortened)
    {
        var message = Place(cap, blocks, isShortened);
        if (Blocks(message).Count > SlackLimits.Blocks || message["text"]!.ToString().Length > SlackLimits.FallbackText) return null;
        var shown = new JsonObject { ["blocks"] = message["blocks"]?.DeepClone(), ["attachments"] = message["attachments"]?.DeepClone() };
        var length = TemplateJson.Texts(shown).Where(text => text.Name is "text" or "alt_text" or "fallback" or "value" or "pretext" or "title").Sum(text => text.Text.Length);
        if (length > SlackLimits.AllText || LengthOf(TemplateJson.Write(shown)) > SlackLimits.AllJson) return null;
        return TemplateJson.Write(message);
    }

    private JsonObject Place(int cap, int blocks, bool isShortened, bool isWhole = false)
    {
        var placer = new SlackValueBinder(_template, cap, isWhole);
        var message = new JsonObject();
        foreach (var (key, value) in _written)
        {
            var place = SchemaPlace.Top.Of(_written, key);
            if (_template.Root is JsonArray) place = place with { Path = SchemaPlace.Top.Path };
            if (!Known.Contains(key)) _template.Warn(place.Path, "is not for templates to say, so it was left out.");
            else if (placer.Place(value, place) is [var placed]) message[key] = placed;
        }

        SlackSchema.All.Mend(_written, message, SchemaPlace.Top, _template);
        if (message["attachments"] is JsonArray { Count: > SlackLimits.Attachments }) throw new JsonTemplateException("$.attachments", $"holds more than {SlackLimits.Attachments}.");
        Trim(message, blocks);
        var hasText = !string.IsNullOrWhiteSpace(message["text"]?.ToString());
        if (Blocks(message).Count == 0 && message["attachments"] is not JsonArray { Count: > 0 } && !hasText) throw new JsonTemplateException("$", "has nothing to show.");
        // Beside blocks the text is seen in notifications alone, and a line of it is enough there.
        var isTextAlone = hasText && !message.ContainsKey("blocks");
        AddNotes(message, isTextAlone, isShortened || placer.Cut.Any(path => isTextAlone || path != "$.text"));
        Complete(message);
        return message;
    }

    private static void Trim(JsonObject message, int count)
    {
        if (message["blocks"] is not JsonArray blocks) return;
        foreach (var block in Ranked(blocks).Skip(count).ToList()) blocks.Remove(block);
        if (blocks.Count == 0) message.Remove("blocks");
        CheckUnique(blocks, "block_id");
        NumberRepeated(blocks, "action_id", new HashSet<string>(StringComparer.Ordinal));
    }

    private void AddNotes(JsonObject message, bool isTextAlone, bool isShortened)
    {
        var notes = _template.Notes.Select(note => Format([new MessageInline(note)])).Concat(isShortened ? [Format(DocumentShrinker.NoteOf(_template.Link))] : []).ToList();
        if (notes.Count == 0) return;
        if (isTextAlone)
        {
            message["text"] = string.Join('\n', notes.Prepend(message["text"]!.ToString()));
            return;
        }

        if (message["blocks"] is not JsonArray blocks) message["blocks"] = blocks = [];
        foreach (var note in notes) blocks.Add(Note(note));
    }

    // The header is worth the most, then the buttons, then what stands first.
    private static IEnumerable<JsonNode?> Ranked(JsonArray blocks)
    {
        var header = blocks.FirstOrDefault(block => SchemaPlace.TypeOf(block!.AsObject()) == "header");
        return blocks.OrderBy(block => block == header ? 0 : SchemaPlace.TypeOf(block!.AsObject()) == "actions" ? 1 : 2);
    }

    private static string Format(IReadOnlyList<MessageInline> runs) => Mrkdwn.TryFormat(runs) ?? Mrkdwn.Escape(InlineText.Read(runs));

    private static JsonNode Note(string mrkdwn) => new JsonObject
    {
        ["type"] = "context",
        ["elements"] = new JsonArray(new JsonObject { ["type"] = "mrkdwn", ["text"] = mrkdwn, ["verbatim"] = true }),
    };

    private static void CheckUnique(JsonArray blocks, string name)
    {
        var twice = TemplateJson.Texts(blocks).Where(text => text.Name == name).GroupBy(text => text.Text).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null) throw new JsonTemplateException("$.blocks", $"the {name} '{twice.Key}' stands there twice.");
    }

    /// <summary>Pasted buttons tend to have the same one. Nobody waits for it here, so the second gets a number.</summary>
    private static void NumberRepeated(JsonNode? node, string name, HashSet<string> seen)
    {
        if (node is JsonArray items) foreach (var item in items) NumberRepeated(item, name, seen);
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
        if (string.IsNullOrWhiteSpace(message["text"]?.ToString())) message["text"] = Mrkdwn.EscapeWithin(Notification(message), SlackLimits.FallbackText);
        if (!message.ContainsKey("unfurl_links")) message["unfurl_links"] = false;
        if (!message.ContainsKey("unfurl_media")) message["unfurl_media"] = false;
    }

    private string Notification(JsonObject message)
    {
        var blocks = Blocks(message).OrderBy(block => SchemaPlace.TypeOf(block!.AsObject()) == "header" ? 0 : 1);
        var words = blocks.Select(block => SlackTextView.Render(TemplateJson.Write(new JsonObject { ["blocks"] = new JsonArray(block!.DeepClone()) }))
            .Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Any(char.IsLetterOrDigit)));
        return Summary.Of(words.FirstOrDefault(line => line is not null) ?? "New message", _template.Labels);
    }

    private static List<JsonNode?> Blocks(JsonObject message) => (message["blocks"] as JsonArray)?.ToList() ?? [];

    /// <summary>What Slack counts: an escape is the character that it stands for.</summary>
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
