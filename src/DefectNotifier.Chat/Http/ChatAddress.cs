using System.Globalization;
using System.Text;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Http;

/// <summary>Validates the URL that messages are sent to. Errors never quote the URL, because it may be a secret.</summary>
public static class ChatAddress
{
    /// <summary>Either the URL or the error; exactly one of them is set.</summary>
    public static (Uri? Address, SettingError? Error) Read(string key, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (null, new SettingError(key, "is missing"));

        var written = text.Trim();
        // First the text, because Uri accepts and changes what people paste with an address.
        if (ProblemOf(written) is { } typo)
            return (null, new SettingError(key, typo));

        var problem = Uri.TryCreate(written, UriKind.Absolute, out var address)
            ? ProblemOf(address)
            : "is not an address; expected https://...";
        return problem is null ? (address, null) : (null, new SettingError(key, problem));
    }

    /// <summary>True for the host itself and for its subdomains.</summary>
    public static bool IsWithin(this Uri address, string hostSuffix) =>
        address.IdnHost.Equals(hostSuffix.TrimStart('.'), StringComparison.OrdinalIgnoreCase)
        || address.IdnHost.EndsWith("." + hostSuffix.TrimStart('.'), StringComparison.OrdinalIgnoreCase);

    private static string? ProblemOf(string text)
    {
        var host = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + "://".Length : 0;
        var afterHost = text.AsSpan(host).IndexOfAny('/', '?', '#') is >= 0 and var length ? host + length : text.Length;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (ProblemOf(rune, at < afterHost) is { } problem)
                return problem;

            at += rune.Utf16SequenceLength;
        }

        for (var percent = text.IndexOf('%', StringComparison.Ordinal); percent >= 0; percent = text.IndexOf('%', percent + 1))
        {
            if (text.Length < percent + 3 || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]))
                return "contains a % without two hexadecimal digits after it; replace the placeholder, or copy the address again";
        }

        return null;
    }

    private static string? ProblemOf(Rune rune, bool mayBeHost)
    {
        if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            return "contains a blank or a line break; it was probably pasted in two pieces";

        // The name of a host may have letters of any language.
        if (!rune.IsAscii && !(mayBeHost && Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format))
            return $"contains the character U+{rune.Value:X4}, which an address cannot contain; copy the address again";

        return rune.Value switch
        {
            '\\' => "contains a backslash, which a shell or an editor added; remove each of them",
            '"' or '\'' or '`' => "contains a quotation mark; remove it",
            '<' or '>' or '{' or '}' => "contains a placeholder in brackets; put the real value in its place",
            _ => null,
        };
    }

    private static string? ProblemOf(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            return "must be https; http is allowed on loopback only";

        // Uri keeps these two parts, but an HTTP request silently drops them.
        if (address.UserInfo.Length > 0)
            return "contains a user name or password, which would not be sent";

        return address.Fragment.Length > 0 ? "contains a #; the part after it would not be sent" : null;
    }
}
