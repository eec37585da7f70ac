using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Http;

/// <summary>Checks an address that messages go to. Its errors never quote the address.</summary>
public static class ChatAddress
{
    /// <summary>The address, or what is wrong with it; just one of the two is there.</summary>
    public static (Uri? Address, SettingError? Error) Read(string key, string? text)
    {
        var problem = Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var address) ? ProblemOf(address) : "is not an address; expected https://...";
        if (string.IsNullOrWhiteSpace(text))
            problem = "is missing";

        return problem is null ? (address, null) : (null, new SettingError(key, problem));
    }

    /// <summary>True for the host itself and for every name below it.</summary>
    public static bool IsWithin(this Uri address, string hostSuffix) =>
        address.IdnHost.Equals(hostSuffix.TrimStart('.'), StringComparison.OrdinalIgnoreCase)
        || address.IdnHost.EndsWith("." + hostSuffix.TrimStart('.'), StringComparison.OrdinalIgnoreCase);

    private static string? ProblemOf(Uri address)
    {
        if (address.OriginalString.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)))
            return "has a blank or a line break inside; it was probably pasted in two pieces";

        if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            return "must be https; http is allowed on loopback only";

        // A Uri keeps these two and HTTP drops them without a word.
        if (address.UserInfo.Length > 0)
            return "has a user name or password in it, which is not sent";

        return address.Fragment.Length > 0 ? "has a # in it; what follows is not sent" : null;
    }
}
