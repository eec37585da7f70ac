namespace DefectNotifier.Chat.Teams;

/// <summary>What a Teams channel behind a Workflows webhook accepts.</summary>
internal static class TeamsLimits
{
    /// <summary>
    /// Of the whole request, in bytes of UTF-8. Teams allows about 28 KB and counts them after storing the card as an escaped string:
    /// a request of 24,453 bytes failed inside the flow, after the 202 (github.com/MicrosoftDocs/msteams-docs issue 11274).
    /// </summary>
    public const int Request = 20_480;

    /// <summary>Of one action set; the host shows no more (microsoft-teams host configuration, <c>maxActions</c>).</summary>
    public const int Actions = 6;

    /// <summary>Of <c>fallbackText</c>, which only a client that cannot show the card shows. Ours, to keep the room for the card.</summary>
    public const int FallbackText = 300;
}
