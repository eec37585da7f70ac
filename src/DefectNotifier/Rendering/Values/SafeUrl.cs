using System.Diagnostics.CodeAnalysis;

namespace DefectNotifier.Rendering.Values;

/// <summary>
/// The only way for text to become an address in a message: absolute, http, https or mailto, percent-encoded,
/// without credentials, and short enough for both platforms.
/// </summary>
public static class SafeUrl
{
    /// <summary>Slack takes 3,000 characters; browsers and phones do not like more than 2,000.</summary>
    public const int MaxLength = 2000;

    // A message has the same address in several places, and each is checked where it is used.
    [ThreadStatic]
    private static (string? Text, string? Url) _last;

    /// <summary>False for anything else: relative addresses, other schemes (<c>javascript:</c>), hidden user names, over-long text.</summary>
    public static bool TryCreate(string? text, [NotNullWhen(true)] out string? url)
    {
        url = text is null ? null : text == _last.Text ? _last.Url : Create(text);
        if (url is not null) _last = (text, url);
        return url is not null;
    }

    private static string? Create(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri)) return null;
        var isWeb = (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.Host.Length > 0;
        if (!isWeb && uri.Scheme != Uri.UriSchemeMailto) return null;
        // https://app.qase.io@evil.example/ looks like Qase and is not.
        if (isWeb && uri.UserInfo.Length > 0) return null;
        // AbsoluteUri leaves a few characters that mean something to Slack's and Markdown's link syntax.
        var encoded = uri.AbsoluteUri.Replace("|", "%7C", StringComparison.Ordinal).Replace("<", "%3C", StringComparison.Ordinal)
            .Replace(">", "%3E", StringComparison.Ordinal).Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal);
        return encoded.Length > MaxLength ? null : encoded;
    }

    /// <summary>A value as one part of an address. Null for <c>.</c> and <c>..</c>: as a step of the path they lead elsewhere, encoded or not.</summary>
    internal static string? EncodePart(string value) => value is "." or ".." ? null : Uri.EscapeDataString(value);
}
