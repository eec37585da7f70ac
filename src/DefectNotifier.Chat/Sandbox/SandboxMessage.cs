using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>A message that a sandbox took in place of a chat.</summary>
/// <param name="Destination">The destination's name in the configuration.</param>
/// <param name="Platform">The chat that the sandbox stands for, whose JSON it is.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Json">Exactly what the chat would have got, UTF-8.</param>
public sealed record SandboxMessage(string Destination, ChatPlatform Platform, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Json);
