using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Document;

/// <summary>An image on its own line. <paramref name="Url"/> has passed <see cref="SafeUrl"/> and is http or https.</summary>
public sealed record ImageBlock(string Url, string AltText) : MessageBlock;
