namespace DefectNotifier.Rendering.Values;

/// <summary>How a run looks.</summary>
[Flags]
public enum InlineStyle
{
    None = 0,
    Bold = 1,
    Italic = 2,
    Strike = 4,
    Code = 8,
}
