namespace DefectNotifier.Postgres.News;

/// <summary>
/// The text of a notification, in lines: the sender, then a word for each change. It has at most 8,000 bytes; what exceeds that is sent in
/// several.
/// </summary>
internal static class NewsWords
{
    public const string Requests = "requests";
    public const string Deferrals = "deferrals";
    public const string Changes = "changes";
    public const string Claims = "claims";
    private const int MaxBytes = 7_900;
    private const char Pending = '+';
    private const char Resume = '!';

    /// <summary>Deliveries to this destination were added.</summary>
    public static string PendingOf(string destination) => Pending + destination;

    /// <summary>An operator resumed this destination.</summary>
    public static string ResumeOf(string destination) => Resume + destination;

    /// <summary>The destination in the word, when it is one of <see cref="PendingOf"/>.</summary>
    public static bool IsPending(string word, out string destination) => Is(word, Pending, out destination);

    /// <inheritdoc cref="IsPending"/>
    public static bool IsResume(string word, out string destination) => Is(word, Resume, out destination);

    public static IEnumerable<string> Write(string sender, IEnumerable<string> words)
    {
        var (payload, bytes) = (sender, sender.Length);
        foreach (var word in words)
        {
            var more = System.Text.Encoding.UTF8.GetByteCount(word) + 1;
            if (bytes + more > MaxBytes)
            {
                yield return payload;
                (payload, bytes) = (sender, sender.Length);
            }

            payload += '\n' + word;
            bytes += more;
        }

        yield return payload;
    }

    public static (string Sender, IReadOnlyList<string> Words) Read(string payload) =>
        payload.Split('\n') is [var sender, .. var words] ? (sender, words) : (payload, []);

    private static bool Is(string word, char sign, out string destination)
    {
        destination = word.Length > 0 ? word[1..] : "";
        return word.Length > 1 && word[0] == sign;
    }
}
