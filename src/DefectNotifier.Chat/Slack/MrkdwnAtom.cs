namespace DefectNotifier.Chat.Slack;

/// <summary>A part of a mrkdwn text that is cut only where that tears nothing.</summary>
/// <param name="Markup">As Slack reads it.</param>
/// <param name="Plain">The text before it was escaped, which may be cut anywhere; null: all or nothing.</param>
internal sealed record MrkdwnAtom(string Markup, string? Plain = null);
