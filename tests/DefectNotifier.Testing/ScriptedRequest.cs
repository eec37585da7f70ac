namespace DefectNotifier.Testing;

/// <summary>A received request.</summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">The body as text.</param>
public sealed record ScriptedRequest(string Head, string Body);
