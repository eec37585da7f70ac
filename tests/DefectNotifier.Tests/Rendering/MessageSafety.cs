using System.Text.Json;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.JsonTemplates;

namespace DefectNotifier.Tests.Rendering;

/// <summary>
/// Checks that the platform accepts a message and that every value in it is literal text, whatever the template contains.
/// </summary>
internal static partial class MessageSafety
{
    /// <param name="platform">The platform of the message.</param>
    /// <param name="rendered">The message.</param>
    /// <param name="isMutated">True: the template's own addresses may be any that the platform accepts.</param>
    public static void Check(ChatPlatform platform, RenderResult rendered, bool isMutated = false)
    {
        var all = RenderedJson.Check(platform, rendered);
        // The text of an unknown element mentions no one, because it has no entity.
        var hasUnknown = all.Any(finding => finding.Contains("unknown element type", StringComparison.Ordinal));
        var findings = all.Where(finding => !Authors().IsMatch(finding)
            && !(hasUnknown && finding.EndsWith("has no entity", StringComparison.Ordinal))).ToList();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        using var message = JsonDocument.Parse(rendered.Message.Json);
        foreach (var (path, name, text) in JsonStrings.In(message.RootElement))
        {
            if (name is "user_id" or "usergroup_id" or "range") Assert.DoesNotMatch(Foreign(), text);
            if (name is "url" or "image_url" && (!isMutated || Foreign().IsMatch(text))) Assert.DoesNotMatch(BadScheme(), text);
            if (platform == ChatPlatform.Slack
                && (path == "/text" || IsMrkdwn(message.RootElement, path))) Assert.DoesNotMatch(ForeignToken(), text);
            if (platform == ChatPlatform.Teams && name == "version") Assert.Matches(@"^1\.[0-5]$", text);
            if (platform == ChatPlatform.Teams && path.EndsWith("/mentioned/id", StringComparison.Ordinal))
            {
                if (isMutated) Assert.DoesNotMatch(Foreign(), text);
                else Assert.Equal("lead@contoso.com", text);
            }
        }
    }

    private static bool IsMrkdwn(JsonElement root, string path)
    {
        var at = JsonStrings.At(root, path[..path.LastIndexOf('/')]);
        return at.ValueKind == JsonValueKind.Object && at.TryGetProperty("type", out var type) && type.ValueEquals("mrkdwn");
    }

    /// <summary>Findings that the author of a JSON template may cause: optional parts, and elements that the rules do not know.</summary>
    [GeneratedRegex(
        @"^: 'blocks' is missing|unknown block type|^/attachments[^:]*: unknown element type|'action_id' is missing"
        + @"|^/blocks/\d+/elements/\d+: 'url' is missing|'fallback' is missing|'wrap' is not true|'version' is above 1.2")]
    private static partial Regex Authors();

    [GeneratedRegex("EVIL|evil")]
    private static partial Regex Foreign();

    [GeneratedRegex(@"^(?!https?:|mailto:)")]
    private static partial Regex BadScheme();

    /// <summary>
    /// Anything in angle brackets that cannot come from these templates: a mention of others, or an unsafe address from a value.
    /// </summary>
    [GeneratedRegex(
        @"<(?:@(?!U012AB3CD>)|!subteam\^(?!S012AB3CD>)|!channel|!everyone|#|javascript:)[^<>]*(?:EVIL|evil|channel|everyone)[^<>]*>")]
    private static partial Regex ForeignToken();
}
