namespace DefectNotifier.Chat.Teams.Cards;

/// <summary>The limits of a Teams channel behind a Workflows webhook.</summary>
internal static class TeamsLimits
{
    /// <summary>
    /// Of the whole request, in bytes of UTF-8. Teams allows about 28 KB, counted after it stored the card as an escaped JSON string: a
    /// request of 24,453 bytes failed inside the flow, after the 202 (github.com/MicrosoftDocs/msteams-docs issue 11274).
    /// </summary>
    public const int Request = 20_480;

    /// <summary>
    /// Of the request escaped as a JSON string, in bytes: what Teams really counts (28,672 of message properties), minus room for what it
    /// adds. Escaping doubles quotes and backslashes, as in paths and JSON.
    /// </summary>
    public const int Stored = 24_000;

    /// <summary>Of the text in a plain card, in UTF-16 units. Our own limit: far below any size that was rejected.</summary>
    public const int PlainCardText = 2_000;

    /// <summary>Of one action set; Teams shows no more (host configuration, <c>maxActions</c>).</summary>
    public const int Actions = 6;

    /// <summary>Of the message's <c>summary</c>: our own limit, more than a notification shows.</summary>
    public const int Summary = 150;

    /// <summary>
    /// Of <c>fallbackText</c>, which is shown only by clients that cannot show the card. Our own limit, to leave room for the card.
    /// </summary>
    public const int FallbackText = 300;
}
