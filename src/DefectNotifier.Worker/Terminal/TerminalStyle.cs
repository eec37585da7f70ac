using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>The colours of the commands: the same meaning has the same style everywhere.</summary>
internal static class TerminalStyle
{
    public static readonly Style Heading = new(decoration: Decoration.Bold);

    public static readonly Style Subtle = new(decoration: Decoration.Dim);

    public static readonly Style Good = new(Color.Green);

    public static readonly Style Bad = new(Color.Red);

    /// <summary>The style of a delivery state, an outcome or a lane state, by its stored word.</summary>
    public static Style OfState(string? state) => state switch
    {
        "dead" or "rejected" or "parked" => Bad,
        "held" or "ambiguous" or "retry" or "wait" or "waiting" => new Style(Color.Yellow),
        "delivered" or "running" => Good,
        "discarded" => Subtle,
        _ => Style.Plain,
    };
}
