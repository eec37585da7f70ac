using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Chat.Teams;

/// <summary>
/// Finds what is wrong with the query of a Workflows URL. Workflows checks its signature, so it rejects a URL of which anything is missing
/// or changed. Errors never quote the URL.
/// </summary>
internal static class WorkflowsAddress
{
    private const string Signature = "sig";
    private const string CopyAgain = "copy the whole address from the flow again";

    // Besides the signature: https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app (shared access signatures).
    private static readonly string[] Required = ["api-version", "sp", "sv"];

    /// <summary>Null for a complete query.</summary>
    public static string? ProblemOf(Uri address)
    {
        var query = address.Query;
        if (query.Contains("&amp;", StringComparison.OrdinalIgnoreCase))
            return "contains &amp; in place of &, because it was copied from a web page's source; replace each of them";

        if (address.PathAndQuery.Contains("%25", StringComparison.Ordinal))
            return $"contains %25, so it was encoded twice (%252F in place of %2F); {CopyAgain}";

        var values = query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2))
            .ToLookup(pair => pair[0], pair => pair.Length > 1 ? pair[1] : "", StringComparer.OrdinalIgnoreCase);
        // The signature is at the end of the URL, so it is missing when the URL was cut off.
        if (!values.Contains(Signature))
        {
            return "has no parameter sig: it was cut off (quote it in a shell, which otherwise ends it at the first &), or the flow's "
                + "trigger is not set to Anyone";
        }

        if (ProblemOfSignature(values[Signature].First()) is { } problem)
            return $"has a sig= {problem}; {CopyAgain}";

        var missing = Required.Where(name => values[name].All(value => value.Length == 0)).Select(name => name + "=").ToList();
        return missing.Count == 0 ? null : $"has no {string.Join(" and no ", missing)}, so a part of it is missing; {CopyAgain}";
    }

    private static string? ProblemOfSignature(string signature) =>
        signature.Length == 0 ? "without a value"
        : Placeholder.ProblemOf(signature) is { } problem ? $"that {problem}"
        : signature[^1] != '.'
            && Uri.UnescapeDataString(signature).All(letter => char.IsAsciiLetterOrDigit(letter) || "-_.~+/=".Contains(letter)) ? null
        : "with a character that no signature has, such as a comma or a dot after it";
}
