using System.Text;

namespace DefectNotifier.Worker.Commands;

/// <summary>Columns side by side, each as wide as its widest cell.</summary>
internal static class TextTable
{
    public static string Render(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string?>> rows)
    {
        List<string[]> lines = [[.. titles], .. rows.Select(row => row.Select(cell => string.IsNullOrEmpty(cell) ? "-" : TerminalText.Line(cell)).ToArray())];
        var widths = titles.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines) text.AppendLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.ToString();
    }
}
