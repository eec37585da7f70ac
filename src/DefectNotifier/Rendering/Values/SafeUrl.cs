using System.Diagnostics.CodeAnalysis;

namespace DefectNotifier.Rendering.Values;

/// <summary>
/// Every address in a message is made here: absolute, http, https or mailto, percent-encoded, without credentials, and short
/// enough for both platforms.
/// </summary>
public static class SafeUrl
{
    /// <summary>Slack accepts 3,000 characters; some browsers and phones do not support more than 2,000.</summary>
    public const int MaxLength = 2000;

    // A message contains the same address in several places.
    [ThreadStatic]
    private static (string? Text, string? Url) _last;

    /// <summary>False for everything else: relative addresses, other schemes (<c>javascript:</c>), user names, overlong text.</summary>
    public static bool TryCreate(string? text, [NotNullWhen(true)] out string? url)
    {
        url = null;
        if (text is null) return false;
        if (text != _last.Text) _last = (text, Create(text));
        url = _last.Url;
        return url is not null;
    }

    private static string? Create(string text)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var uri)) return null;
        var isWeb = (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.Host.Length > 0;
        if (!isWeb && uri.Scheme != Uri.UriSchemeMailto) return null;
        // https://app.qase.io@evil.example/ looks like Qase but leads elsewhere.
        if (isWeb && uri.UserInfo.Length > 0) return null;
        // AbsoluteUri does not encode these characters, which have a meaning in Slack's and Markdown's link syntax.
        var encoded = uri.AbsoluteUri
            .Replace("|", "%7C", StringComparison.Ordinal)
            .Replace("<", "%3C", StringComparison.Ordinal)
            .Replace(">", "%3E", StringComparison.Ordinal)
            .Replace("(", "%28", StringComparison.Ordinal)
            .Replace(")", "%29", StringComparison.Ordinal);
        return encoded.Length > MaxLength ? null : encoded;
    }

    /// <summary>
    /// Encodes a value as one part of an address. Null for <c>.</c> and <c>..</c>, which change the path even when encoded.
    /// </summary>
    internal static string? EncodePart(string value) => value is "." or ".." ? null : Uri.EscapeDataString(value);
}
