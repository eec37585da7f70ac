namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>An argument that can't be used. The message is for the one at the terminal.</summary>
internal sealed class CommandException(string message) : Exception(message);
