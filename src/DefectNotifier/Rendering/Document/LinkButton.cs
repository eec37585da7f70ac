using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>A button that opens an address. <paramref name="Url"/> has passed <see cref="SafeUrl"/>.</summary>
public sealed record LinkButton(string Text, string Url);
