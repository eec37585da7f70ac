namespace DefectNotifier.Outbox.Contract;

/// <summary>The state of a delivery.</summary>
public enum DeliveryState
{
    // The numbers are stored: never renumber.

    /// <summary>Not sent yet; its lane sends it in order.</summary>
    Pending = 0,

    /// <summary>The destination accepted it.</summary>
    Delivered = 1,

    /// <summary>It can never be sent, or was given up; kept with the reason.</summary>
    Dead = 2,

    /// <summary>It may have been posted, and an operator must check before it is sent again.</summary>
    Held = 3,

    /// <summary>An operator has decided not to send it.</summary>
    Discarded = 4,

    /// <summary>
    /// A digest contains it. Its outcome is that of the digest, which is a delivery with attempts of its own.
    /// </summary>
    Digested = 5,

    /// <summary>Quiet hours or a silence defer it; no action is needed.</summary>
    Deferred = 6,
}

/// <summary>The words for <see cref="DeliveryState"/>.</summary>
public static class DeliveryStates
{
    public static string Word(this DeliveryState state) => state switch
    {
        DeliveryState.Pending => "pending",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Dead => "dead",
        DeliveryState.Held => "held",
        DeliveryState.Discarded => "discarded",
        DeliveryState.Digested => "digested",
        DeliveryState.Deferred => "deferred",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
    };

    /// <summary>The state of a word, ignoring case; null for another word.</summary>
    public static DeliveryState? Parse(string? word)
    {
        foreach (var state in Enum.GetValues<DeliveryState>())
            if (string.Equals(state.Word(), word, StringComparison.OrdinalIgnoreCase)) return state;
        return null;
    }
}
