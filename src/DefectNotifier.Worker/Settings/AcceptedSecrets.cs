using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>The secrets that the service accepts from others. Each must be hard to guess, and known only where it is used.</summary>
internal static class AcceptedSecrets
{
    private const int MinLength = 16;

    // "aaaa...", "xxxx-xxxx-...", "0000...".
    private const int MinDifferent = 6;

    /// <summary>Each secret that others may know or guess, by the path of its setting, with what is wrong and what to do.</summary>
    public static IEnumerable<(string Path, string Problem, string Advice)> FindWeak(NotifierSettings settings) =>
        from list in ListsOf(settings)
        from entry in list.Secrets.Select((secret, index) => (Problem: ProblemOf(secret.Reveal()), Number: index + 1))
        where entry.Problem is not null
        select (
            list.Path,
            $"{(list.Secrets.Count > 1 ? $"entry {entry.Number} " : "")}{entry.Problem}.",
            $"Use a random text of at least {MinLength} characters (openssl rand -hex 32 writes one), the same as {list.Sender}.");

    /// <summary>Each setting with a secret that an earlier one has, too.</summary>
    public static IEnumerable<(string Path, string Other)> FindShared(NotifierSettings settings)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, secrets, _) in ListsOf(settings))
        {
            foreach (var secret in secrets)
                if (!known.TryAdd(secret.Reveal(), path) && known[secret.Reveal()] != path) yield return (path, known[secret.Reveal()]);
        }
    }

    private static IEnumerable<(string Path, IReadOnlyList<Secret> Secrets, string Sender)> ListsOf(NotifierSettings settings) =>
    [
        ("Ingress:Secrets", settings.Ingress.Secrets, "in the webhook in Qase"),
        .. settings.Ingress.Sources.Select(source =>
            ($"Ingress:Sources:{source.Name}:Secrets", source.Secrets, "in the webhook in Qase")),
        ("Operations:Secrets", settings.OperationsSecrets, "the operators send"),
        .. settings.OperationsAccess.Select((one, index) =>
            ($"Operations:Access:{index}:Secret", (IReadOnlyList<Secret>)[one.Secret], "this operator sends")),
    ];

    private static string? ProblemOf(string secret) =>
        Placeholder.ProblemOf(secret) is { } problem ? problem
        : secret.Length < MinLength ? $"has fewer than {MinLength} characters"
        : secret.Distinct().Count() < MinDifferent || IsRepetition(secret) ? "repeats the same characters"
        : IsSequence(secret) ? "is a sequence of neighbouring characters, such as 12345"
        : null;

    // "passwordpassword".
    private static bool IsRepetition(string text) =>
        Enumerable.Range(1, text.Length / 2).Any(length => text.AsSpan(length).SequenceEqual(text.AsSpan(0, text.Length - length)));

    // "1234567890123456": nearly every character follows the one before it.
    private static bool IsSequence(string text) =>
        text.Zip(text.Skip(1)).Count(pair => Math.Abs(pair.First - pair.Second) == 1) * 4 >= (text.Length - 1) * 3;
}
