using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Columns side by side, without lines between them: each row can be found by grep.</summary>
internal sealed class TextTable
{
    private const int StateColumn = 1;

    private readonly Table _table;

    public TextTable(IReadOnlyList<string> titles)
    {
        _table = new Table().Border(TableBorder.None);
        // What is copied from a terminal must stay whole: a narrow screen breaks the row, not the cell.
        foreach (var title in titles) _table.AddColumn(new TableColumn(new Text(title, TerminalStyle.Heading)) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        _table.Columns[^1].Padding = new Padding(0);
    }

    /// <param name="state">The look of the second column, a state.</param>
    /// <param name="cells">What came from outside is made harmless here; nothing is shown as a dash.</param>
    public void Add(Style state, params ReadOnlySpan<string?> cells)
    {
        var row = new List<Text>();
        foreach (var cell in cells) row.Add(new Text(string.IsNullOrEmpty(cell) ? "-" : TerminalText.Line(cell), row.Count == StateColumn ? state : Style.Plain));
        _table.AddRow(row);
    }

    /// <summary>To the standard output.</summary>
    public void Write() => Output.WriteUnbroken(Output.Out, _table);
}
