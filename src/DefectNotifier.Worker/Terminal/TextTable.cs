using DefectNotifier.Rendering.Values;
using Spectre.Console;

namespace DefectNotifier.Worker.Terminal;

/// <summary>Aligned columns without borders: one row per line, so that grep finds a whole row.</summary>
internal sealed class TextTable(IReadOnlyList<string> titles)
{
    private const int StateColumn = 1;
    private const int Gap = 2;
    private const int MinWidth = 8;

    private readonly List<(Style State, string[] Cells)> _rows = [];

    /// <summary>The columns whose cells are cut when a row does not fit the terminal. Others stay whole: they can be copied.</summary>
    public IReadOnlyList<string> Flexible { get; init; } = [];

    /// <summary>Adds a row with a state in the second column. External text is allowed; an empty cell is written as a dash.</summary>
    public void Add(Style state, params ReadOnlySpan<string?> cells)
    {
        var row = new string[cells.Length];
        for (var i = 0; i < row.Length; i++) row[i] = string.IsNullOrEmpty(cells[i]) ? "-" : TerminalText.Line(cells[i]);
        _rows.Add((state, row));
    }

    public void Write()
    {
        var widths = Fit([.. titles.Select((title, i) => Math.Max(title.Length, _rows.Max(row => (int?)row.Cells[i].Length) ?? 0))]);
        var table = new Table().Border(TableBorder.None);
        // Cells are never wrapped.
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(new Text(title, TerminalStyle.Heading)) { NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        }

        table.Columns[^1].Padding = new Padding(0);
        foreach (var (state, cells) in _rows)
            table.AddRow(cells.Select((cell, i) => new Text(Graphemes.Truncate(cell, widths[i]), i == StateColumn ? state : Style.Plain)));
        Output.WriteUnwrapped(Output.Out, table);
    }

    // The widest of the flexible columns becomes narrower until the rows fit.
    private int[] Fit(int[] widths)
    {
        var flexible = Enumerable.Range(0, titles.Count).Where(i => Flexible.Contains(titles[i])).ToList();
        while (widths.Sum() + (Gap * (widths.Length - 1)) > TerminalText.Width && flexible.Count > 0)
        {
            var widest = flexible.MaxBy(i => widths[i]);
            if (widths[widest] <= MinWidth) break;
            widths[widest]--;
        }

        return widths;
    }
}
