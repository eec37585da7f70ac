using System.Text;
using System.Text.Json;

namespace DefectNotifier.Chat.Slack;

/// <summary>Arguments as form fields, for the methods that take no JSON.</summary>
internal static class SlackForm
{
    public const string ContentType = "application/x-www-form-urlencoded";

    /// <summary>Texts go as they are, everything else as its JSON; null is left out.</summary>
    /// <param name="json">One JSON object.</param>
    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        using var arguments = JsonDocument.Parse(json);
        var fields = arguments.RootElement.EnumerateObject()
            .Where(argument => argument.Value.ValueKind is not JsonValueKind.Null)
            .Select(argument => $"{Uri.EscapeDataString(argument.Name)}={Uri.EscapeDataString(TextOf(argument.Value))}");
        return Encoding.ASCII.GetBytes(string.Join('&', fields));
    }

    private static string TextOf(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
