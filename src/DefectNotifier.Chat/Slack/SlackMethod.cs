namespace DefectNotifier.Chat.Slack;

/// <summary>How one method of Slack's Web API is called over plain HTTP.</summary>
/// <param name="Name">For example <c>chat.postMessage</c>.</param>
internal sealed record SlackMethod(string Name)
{
    public const string Update = "chat.update";

    private static readonly SlackMethod[] Known =
    [
        // The answer to a post repeats the message with every letter beyond ASCII as six, so a good answer is several times as long as the message:
        // cut at the usual 16 KiB it would be unreadable, and the post would count as ambiguous.
        new("chat.postMessage") { MaxResponseBytes = 256 * 1024 },

        // A page of a hundred messages with 40 KiB each. Ours have at most 20, in letters that Slack writes as six up to 80.
        // It is a GET method, and those took no JSON for most of Slack's life; a form is taken by every method.
        new("conversations.replies") { TakesForm = true, MaxResponseBytes = 4 * 1024 * 1024 },
        new("conversations.history") { TakesForm = true, MaxResponseBytes = 4 * 1024 * 1024 },
        new("conversations.join") { TakesForm = true },
        new("auth.test") { TakesForm = true },
        new("conversations.info") { TakesForm = true },
    ];

    /// <summary>True when the arguments go as form fields, false when they go as JSON.</summary>
    public bool TakesForm { get; private init; }

    /// <summary>How much of a answer is read, in bytes.</summary>
    public int MaxResponseBytes { get; private init; } = 256 * 1024;

    /// <summary>A method that is not known here takes JSON.</summary>
    public static SlackMethod Named(string name) => Array.Find(Known, method => method.Name == name) ?? new SlackMethod(name);
}
