namespace DefectNotifier.Chat.Teams;

/// <summary>How all runs of a text look, beside their own styles.</summary>
internal sealed record RunLook
{
    public static readonly RunLook Plain = new();
    public static readonly RunLook Title = new() { Size = "Large", Bold = true };
    public static readonly RunLook Subtitle = new() { Bold = true };
    public static readonly RunLook SmallPrint = new() { Size = "Small", Subtle = true };
    public static readonly RunLook Code = new() { Monospace = true };

    public string? Size { get; private init; }
    public bool Bold { get; private init; }
    public bool Subtle { get; private init; }
    public bool Monospace { get; private init; }
}
