using System.Text;
using System.Text.Json;
using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Slack.Api;

/// <summary>A method of Slack's Web API and how it is called over plain HTTP.</summary>
/// <param name="Name">For example <c>chat.postMessage</c>.</param>
internal sealed record SlackMethod(string Name)
{
    public const string Post = "chat.postMessage";
    public const string Update = "chat.update";
    public const string History = "conversations.history";
    public const string Replies = "conversations.replies";
    public const string Join = "conversations.join";

    private static readonly SlackMethod[] Known =
    [
        // A page of up to 100 messages; a page that is cut off is useless. Our messages take about 20 KiB, and up to 80 KiB where Slack
        // escapes every letter. These are GET methods, for which Slack long accepted no JSON; every method accepts a form.
        new(Replies) { TakesForm = true, MaxResponseBytes = 4 * 1024 * 1024 },
        new(History) { TakesForm = true, MaxResponseBytes = 4 * 1024 * 1024 },
        new(Join) { TakesForm = true },
        new("auth.test") { TakesForm = true },
        new("conversations.info") { TakesForm = true },
    ];

    /// <summary>True when the arguments are sent as form fields, false when they are sent as JSON.</summary>
    public bool TakesForm { get; private init; }

    /// <summary>
    /// How many bytes of a response are read. The response to a post repeats the message with 6 bytes per non-ASCII letter, so it is
    /// several times as long as the message; cut off it would be unreadable and the post ambiguous.
    /// </summary>
    public int MaxResponseBytes { get; private init; } = 256 * 1024;

    /// <summary>A method that is not listed here takes JSON.</summary>
    public static SlackMethod Named(string name) => Array.Find(Known, method => method.Name == name) ?? new SlackMethod(name);

    /// <summary>A call of this method.</summary>
    /// <param name="address">The URL of the method.</param>
    /// <param name="json">The arguments, one JSON object in UTF-8.</param>
    /// <param name="token">The bot token; null: it is added later.</param>
    public ChatHttpRequest Request(Uri address, ReadOnlyMemory<byte> json, Secret? token) => new(address, TakesForm ? ToForm(json) : json)
    {
        // Without the charset Slack adds a warning to each response.
        ContentType = TakesForm ? "application/x-www-form-urlencoded" : "application/json; charset=utf-8",
        Bearer = token,
        ResponseHeader = "x-oauth-scopes",
        MaxResponseBytes = MaxResponseBytes,
    };

    /// <summary>The arguments as form fields: strings as they are, other values as their JSON, null values left out.</summary>
    private static ReadOnlyMemory<byte> ToForm(ReadOnlyMemory<byte> json)
    {
        using var arguments = JsonDocument.Parse(json);
        var fields = arguments.RootElement.EnumerateObject()
            .Where(argument => argument.Value.ValueKind is not JsonValueKind.Null)
            .Select(argument => $"{Uri.EscapeDataString(argument.Name)}={Uri.EscapeDataString(FieldOf(argument.Value))}");
        return Encoding.ASCII.GetBytes(string.Join('&', fields));
    }

    private static string FieldOf(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
