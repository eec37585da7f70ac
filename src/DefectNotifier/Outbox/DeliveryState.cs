namespace DefectNotifier.Outbox;

/// <summary>Where a delivery stands. The numbers are stored: never renumber.</summary>
public enum DeliveryState
{
    /// <summary>Owed; its lane will take it in order.</summary>
    Pending = 0,

    /// <summary>The destination took it.</summary>
    Delivered = 1,

    /// <summary>It can never be sent, or was given up; kept with the reason.</summary>
    Dead = 2,

    /// <summary>It may have been posted, and somebody must look before it is sent again.</summary>
    Held = 3,

    /// <summary>An operator has decided that it is not to be sent.</summary>
    Discarded = 4,
}
