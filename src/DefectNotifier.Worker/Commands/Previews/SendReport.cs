using DefectNotifier.Delivery;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>What <c>send --json</c> writes.</summary>
/// <param name="Destination">The destination's name in the settings.</param>
/// <param name="Platform"><c>slack</c> or <c>teams</c>.</param>
/// <param name="Outcome">What became of it, in the words of the history.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What the chat answered.</param>
/// <param name="Advice">What a person can do about it.</param>
/// <param name="Reference">What the chat calls the message.</param>
/// <param name="RetryAfterSeconds">How long the chat wants everybody to wait.</param>
internal sealed record SendReport(string Destination, string Platform, string Outcome, string Reason, string? Detail, string? Advice, string? Reference, double? RetryAfterSeconds);
