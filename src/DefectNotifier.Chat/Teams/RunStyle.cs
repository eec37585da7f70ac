namespace DefectNotifier.Chat.Teams;

/// <summary>How all runs of a text style, beside their own styles.</summary>
internal sealed record RunStyle
{
    public static readonly RunStyle Plain = new();
    public static readonly RunStyle Title = new() { Size = "Large", Bold = true };
    public static readonly RunStyle Subtitle = new() { Bold = true };
    public static readonly RunStyle SmallPrint = new() { Size = "Small", Subtle = true };
    public static readonly RunStyle Code = new() { Monospace = true };

    public string? Size { get; private init; }
    public bool Bold { get; private init; }
    public bool Subtle { get; private init; }
    public bool Monospace { get; private init; }
}
