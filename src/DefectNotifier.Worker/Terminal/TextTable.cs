using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Aligned columns without borders: one row per line, so that grep finds a whole row.</summary>
internal sealed class TextTable
{
    private const int StateColumn = 1;

    private readonly Table _table;

    public TextTable(IReadOnlyList<string> titles)
    {
        _table = new Table().Border(TableBorder.None);
        // Cells are never wrapped: text copied from the terminal must stay whole.
        foreach (var title in titles)
        {
            _table.AddColumn(new TableColumn(new Text(title, TerminalStyle.Heading)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        _table.Columns[^1].Padding = new Padding(0);
    }

    /// <summary>Adds a row with a state in the second column. External text is allowed; an empty cell is written as a dash.</summary>
    public void Add(Style state, params ReadOnlySpan<string?> cells)
    {
        var row = new List<Text>();
        foreach (var cell in cells)
        {
            row.Add(new Text(string.IsNullOrEmpty(cell) ? "-" : TerminalText.Line(cell), row.Count == StateColumn ? state : Style.Plain));
        }

        _table.AddRow(row);
    }

    public void Write() => Output.WriteUnwrapped(Output.Out, _table);
}
