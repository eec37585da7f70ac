namespace DefectNotifier.Chat.Sandbox;

/// <summary>A message as its readers see it, for a terminal: lines of runs. Control characters are gone, but for tabs.</summary>
public sealed class MessageText
{
    internal MessageText(IReadOnlyList<IReadOnlyList<TextRun>> lines) => Lines = lines;

    public IReadOnlyList<IReadOnlyList<TextRun>> Lines { get; }

    /// <summary>The words alone; lines that end in <c>\n</c>.</summary>
    public override string ToString() => string.Concat(Lines.Select(line => string.Concat(line.Select(run => run.Text)) + "\n"));
}
