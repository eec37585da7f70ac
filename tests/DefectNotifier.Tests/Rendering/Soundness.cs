using System.Text.Json;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>What must hold of a message whatever its template says: the platform takes it, and no value is more than text in it.</summary>
internal static partial class Soundness
{
    /// <summary>What the author of a JSON template left out or invented is passed on; the rules know only what we write.</summary>
    private static readonly string[] Unknown = ["'action_id' is missing", "unknown block type", "unknown element type"];

    /// <param name="platform">Whose message it is.</param>
    /// <param name="rendered">The message.</param>
    /// <param name="isShaken">True: the template's own JSON may be anything, and the chat judges its shape; what values do in it is held all the same.</param>
    public static void Check(ChatPlatform platform, RenderResult rendered, bool isShaken = false)
    {
        var all = isShaken ? [] : RenderedJson.Check(platform, rendered);
        // An unknown element's text names nobody: there is no entity.
        var hasUnknown = all.Any(finding => finding.Contains("unknown element type", StringComparison.Ordinal));
        var findings = all.Where(finding => !Unknown.Any(words => finding.Contains(words, StringComparison.Ordinal)) && !(hasUnknown && finding.EndsWith("has no entity", StringComparison.Ordinal))).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        using var message = JsonDocument.Parse(rendered.Message.Json);
        foreach (var (path, name, text) in JsonStrings.In(message.RootElement))
        {
            if (name is "user_id" or "usergroup_id" or "range") Assert.DoesNotMatch(Foreign(), text);
            if (name is "url" or "image_url" && (!isShaken || Foreign().IsMatch(text))) Assert.DoesNotMatch(BadScheme(), text);
            if (platform == ChatPlatform.Slack && (path == "/text" || IsMrkdwn(message.RootElement, path))) Assert.DoesNotMatch(ForeignToken(), text);
            if (platform == ChatPlatform.Teams && path.EndsWith("/mentioned/id", StringComparison.Ordinal)) Assert.Equal("lead@contoso.com", text);
        }
    }

    private static bool IsMrkdwn(JsonElement root, string path)
    {
        var at = JsonStrings.At(root, path[..path.LastIndexOf('/')]);
        return at.ValueKind == JsonValueKind.Object && at.TryGetProperty("type", out var type) && type.ValueEquals("mrkdwn");
    }

    [GeneratedRegex("EVIL|evil")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"^(?!https?:|mailto:)")]
    private static partial Regex BadScheme();

    /// <summary>Everything between angle brackets that a template of these pieces could not have meant: a mention of others, or an address within a value's reach that is none.</summary>
    [GeneratedRegex(@"<(?:@(?!U012AB3CD>)|!subteam\^(?!S012AB3CD>)|!channel|!everyone|#|javascript:)[^<>]*(?:EVIL|evil|channel|everyone)[^<>]*>")]
    private static partial Regex ForeignToken();
}
