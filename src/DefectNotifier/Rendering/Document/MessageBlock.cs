namespace DefectNotifier.Rendering.Document;

/// <summary>One block of a <see cref="MessageDocument"/>. The kinds are the ones below; a formatter handles every one.</summary>
public abstract record MessageBlock;
