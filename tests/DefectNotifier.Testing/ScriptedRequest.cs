namespace DefectNotifier.Testing;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Head">Request line and headers.</param>
/// <param name="Body">The body as text.</param>
public sealed record ScriptedRequest(string Head, string Body);
