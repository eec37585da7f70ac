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

        var problem = Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address)
            ? ProblemOf(address)
            : "is not an address; expected https://...";
        return problem is null ? (address, null) : (null, new SettingError(key, problem));
    }

    /// <summary>True for the host itself and for its subdomains.</summary>
    public static bool IsWithin(this Uri address, string hostSuffix) =>
        address.IdnHost.Equals(hostSuffix.TrimStart('.'), StringComparison.OrdinalIgnoreCase)
        || address.IdnHost.EndsWith("." + hostSuffix.TrimStart('.'), StringComparison.OrdinalIgnoreCase);

    private static string? ProblemOf(Uri address)
    {
        if (address.OriginalString.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
            return "contains a blank or a line break; it was probably pasted in two pieces";

        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            return "must be https; http is allowed on loopback only";

        // Uri keeps these two parts, but an HTTP request silently drops them.
        if (address.UserInfo.Length > 0)
            return "contains a user name or password, which would not be sent";

        return address.Fragment.Length > 0 ? "contains a #; the part after it would not be sent" : null;
    }
}
