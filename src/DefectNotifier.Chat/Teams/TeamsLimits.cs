namespace DefectNotifier.Chat.Teams;

/// <summary>What a Teams channel behind a Workflows webhook accepts.</summary>
internal static class TeamsLimits
{
    /// <summary>
    /// Of the whole request, in bytes of UTF-8. Teams allows about 28 KB and counts them after storing the card as an escaped string:
    /// a request of 24,453 bytes failed inside the flow, after the 202 (github.com/MicrosoftDocs/msteams-docs issue 11274).
    /// </summary>
    public const int Request = 20_480;

    /// <summary>
    /// Of the request written once more as a JSON string, in bytes: what Teams really counts (28,672 of message properties), with room for what it adds.
    /// Quotes and backslashes, as in paths and JSON, double.
    /// </summary>
    public const int Stored = 24_000;

    /// <summary>Of the words in a plain card, in UTF-16 units. Ours: far below everything that a card was refused for.</summary>
    public const int PlainCardText = 2_000;

    /// <summary>Of one action set; the host shows no more (microsoft-teams host configuration, <c>maxActions</c>).</summary>
    public const int Actions = 6;

    /// <summary>Of <c>fallbackText</c>, which only a client that cannot show the card shows. Ours, to keep the room for the card.</summary>
    public const int FallbackText = 300;
}
