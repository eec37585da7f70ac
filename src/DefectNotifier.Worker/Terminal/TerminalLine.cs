using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>A line for a terminal, with its look where there are colours.</summary>
internal sealed record TerminalLine(string Text, Style? Style = null);
