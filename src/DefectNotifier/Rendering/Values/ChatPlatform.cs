namespace DefectNotifier.Rendering.Values;

/// <summary>The chat platform that a message is for. A new one also needs its names in <see cref="ChatPlatforms"/>.</summary>
public enum ChatPlatform
{
    /// <summary>Slack: Block Kit.</summary>
    Slack,

    /// <summary>Microsoft Teams: Adaptive Card.</summary>
    Teams,
}

/// <summary>The names of the platforms.</summary>
public static class ChatPlatforms
{
    // In the order of the enum.
    private static readonly (ChatPlatform Platform, string Word, string Title, Func<Mention, string?> Mentioned)[] Known =
    [
        (ChatPlatform.Slack, "slack", "Slack", mention => mention.Slack),
        (ChatPlatform.Teams, "teams", "Microsoft Teams", mention => mention.Teams),
    ];

    public static IReadOnlyList<ChatPlatform> All { get; } = [.. Known.Select(known => known.Platform)];

    /// <summary>The words of all platforms: <c>slack</c>, <c>teams</c>.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Known.Select(known => known.Word)];

    /// <summary>The word in settings, commands, JSON and the folders of templates.</summary>
    public static string Word(this ChatPlatform platform) => Known[(int)platform].Word;

    /// <summary>The name that people know.</summary>
    public static string Title(this ChatPlatform platform) => Known[(int)platform].Title;

    /// <summary>Who is notified on the platform; null: no one.</summary>
    public static string? IdOf(this ChatPlatform platform, Mention mention) => Known[(int)platform].Mentioned(mention);

    /// <summary>The platform of a word in any case; null for anything else.</summary>
    public static ChatPlatform? Parse(string? word)
    {
        foreach (var known in Known)
            if (known.Word.Equals(word, StringComparison.OrdinalIgnoreCase)) return known.Platform;
        return null;
    }
}
