namespace DefectNotifier.Chat.Slack.Api;

/// <summary>A method of Slack's Web API and how it is called over plain HTTP.</summary>
/// <param name="Name">For example <c>chat.postMessage</c>.</param>
internal sealed record SlackMethod(string Name)
{
    public const string Post = "chat.postMessage";
    public const string Update = "chat.update";
    public const string History = "conversations.history";
    public const string Replies = "conversations.replies";
    public const string Join = "conversations.join";

    private static readonly SlackMethod[] Known =
    [
        // A page of up to 100 messages; a page that is cut off is useless. Our messages take about 20 KiB, and up to 80 KiB where Slack
        // escapes every letter. These are GET methods, for which Slack long accepted no JSON; every method accepts a form.
        new(Replies) { TakesForm = true, MaxResponseBytes = 4 * 1024 * 1024 },
        new(History) { TakesForm = true, MaxResponseBytes = 4 * 1024 * 1024 },
        new(Join) { TakesForm = true },
        new("auth.test") { TakesForm = true },
        new("conversations.info") { TakesForm = true },
    ];

    /// <summary>True when the arguments are sent as form fields, false when they are sent as JSON.</summary>
    public bool TakesForm { get; private init; }

    /// <summary>
    /// How many bytes of a response are read. The response to a post repeats the message with 6 bytes per non-ASCII letter, so it is
    /// several times as long as the message; cut off it would be unreadable and the post ambiguous.
    /// </summary>
    public int MaxResponseBytes { get; private init; } = 256 * 1024;

    /// <summary>A method that is not listed here takes JSON.</summary>
    public static SlackMethod Named(string name) => Array.Find(Known, method => method.Name == name) ?? new SlackMethod(name);
}
