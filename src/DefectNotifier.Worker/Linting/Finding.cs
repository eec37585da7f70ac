using DefectNotifier.Events;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>One thing that <c>check</c> found.</summary>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Code">A word of <see cref="FindingCode"/>.</param>
/// <param name="Place"><c>file:line:column</c>, or a setting's path such as <c>Routes:2:To:0</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">A way out; null where the message says it.</param>
internal sealed record Finding(string Severity, string Code, string Place, string Message, string? Suggestion);
