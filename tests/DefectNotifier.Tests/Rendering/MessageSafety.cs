using System.Text.Json;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;

namespace DefectNotifier.Tests.Rendering;

/// <summary>What must hold of a message whatever its template says: the platform takes it, and no value is more than text in it.</summary>
internal static partial class MessageSafety
{
    /// <param name="platform">Whose message it is.</param>
    /// <param name="rendered">The message.</param>
    /// <param name="isShaken">True: the template's own addresses may be anything that the chat takes.</param>
    public static void Check(ChatPlatform platform, RenderResult rendered, bool isShaken = false)
    {
        var all = RenderedJson.Check(platform, rendered);
        // An unknown element's text names nobody: there is no entity.
        var hasUnknown = all.Any(finding => finding.Contains("unknown element type", StringComparison.Ordinal));
        var findings = all.Where(finding => !Authors().IsMatch(finding) && !(hasUnknown && finding.EndsWith("has no entity", StringComparison.Ordinal))).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        using var message = JsonDocument.Parse(rendered.Message.Json);
        foreach (var (path, name, text) in JsonStrings.In(message.RootElement))
        {
            if (name is "user_id" or "usergroup_id" or "range") Assert.DoesNotMatch(Foreign(), text);
            if (name is "url" or "image_url" && (!isShaken || Foreign().IsMatch(text))) Assert.DoesNotMatch(BadScheme(), text);
            if (platform == ChatPlatform.Slack && (path == "/text" || IsMrkdwn(message.RootElement, path))) Assert.DoesNotMatch(ForeignToken(), text);
            if (platform == ChatPlatform.Teams && name == "version") Assert.Matches(@"^1\.[0-5]$", text);
            if (platform == ChatPlatform.Teams && path.EndsWith("/mentioned/id", StringComparison.Ordinal))
            {
                if (isShaken) Assert.DoesNotMatch(Foreign(), text);
                else Assert.Equal("lead@contoso.com", text);
            }
        }
    }

    private static bool IsMrkdwn(JsonElement root, string path)
    {
        var at = JsonStrings.At(root, path[..path.LastIndexOf('/')]);
        return at.ValueKind == JsonValueKind.Object && at.TryGetProperty("type", out var type) && type.ValueEquals("mrkdwn");
    }

    /// <summary>What the author of a JSON template may leave out or choose, and what is passed on because it may be new; the rules know only what we write.</summary>
    [GeneratedRegex(@"^: 'blocks' is missing|unknown block type|^/attachments[^:]*: unknown element type|'action_id' is missing|^/blocks/\d+/elements/\d+: 'url' is missing|'fallback' is missing|'wrap' is not true|'version' is above 1.2")]
    private static partial Regex Authors();

    [GeneratedRegex("EVIL|evil")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"^(?!https?:|mailto:)")]
    private static partial Regex BadScheme();

    /// <summary>Everything between angle brackets that a template of these pieces could not have meant: a mention of others, or an address within a value's reach that is none.</summary>
    [GeneratedRegex(@"<(?:@(?!U012AB3CD>)|!subteam\^(?!S012AB3CD>)|!channel|!everyone|#|javascript:)[^<>]*(?:EVIL|evil|channel|everyone)[^<>]*>")]
    private static partial Regex ForeignToken();
}
