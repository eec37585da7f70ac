namespace DefectNotifier.Worker.Commands.Admin;

/// <summary>A command can't reach the outbox. The message is for the one at the terminal.</summary>
internal sealed class OutboxAdminException(string message, Exception? inner = null) : Exception(message, inner);
