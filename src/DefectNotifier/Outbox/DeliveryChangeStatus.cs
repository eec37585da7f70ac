namespace DefectNotifier.Outbox;

/// <summary>How an operator's word over a delivery ended.</summary>
public enum DeliveryChangeStatus
{
    /// <summary>Committed.</summary>
    Done,

    /// <summary>There is no delivery with this id.</summary>
    NotFound,

    /// <summary>It is in a state in which this can't be done; perhaps somebody was faster.</summary>
    WrongState,

    /// <summary>It was to go out as it was rendered, and nothing was kept.</summary>
    NoMessage,
}
