using DefectNotifier.Outbox.Contract;
using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>The colours of the commands: the same meaning has the same style everywhere.</summary>
internal static class TerminalStyle
{
    public static readonly Style Heading = new(decoration: Decoration.Bold);

    public static readonly Style Subtle = new(decoration: Decoration.Dim);

    public static readonly Style Good = new(Color.Green);

    public static readonly Style Bad = new(Color.Red);

    public static readonly Style Doubtful = new(Color.Yellow);

    public static Style OfState(DeliveryState state) => state switch
    {
        DeliveryState.Dead => Bad,
        DeliveryState.Held => Doubtful,
        DeliveryState.Delivered => Good,
        DeliveryState.Discarded => Subtle,
        _ => Style.Plain,
    };

    /// <param name="outcome">Null: it is not known, or the attempt is in progress.</param>
    public static Style OfOutcome(SendOutcome? outcome) => outcome switch
    {
        SendOutcome.Rejected or SendOutcome.Parked => Bad,
        SendOutcome.Held or SendOutcome.Ambiguous or SendOutcome.Retry or SendOutcome.Wait => Doubtful,
        SendOutcome.Delivered => Good,
        _ => Style.Plain,
    };
}
