namespace DefectNotifier.Chat.Sandbox;

/// <summary>How a chat shows a run of text; several at once.</summary>
[Flags]
public enum TextStyle
{
    Plain = 0,
    Bold = 1,
    Italic = 1 << 1,
    Struck = 1 << 2,
    Code = 1 << 3,

    /// <summary>Small print, addresses, rules and margins.</summary>
    Subtle = 1 << 4,

    /// <summary>The words of a link or button.</summary>
    Link = 1 << 5,

    /// <summary>A person, a group or a channel.</summary>
    Mention = 1 << 6,

    Heading = 1 << 7,

    /// <summary>Of a card whose style says that all is well.</summary>
    Good = 1 << 8,

    /// <summary>Of a card that wants to be looked at.</summary>
    Warning = 1 << 9,

    /// <summary>Of a card that alarms.</summary>
    Attention = 1 << 10,
}
