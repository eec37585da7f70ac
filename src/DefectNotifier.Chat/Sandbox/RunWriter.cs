using System.Text;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>Collects runs character by character; what looks the same becomes one.</summary>
internal sealed class RunWriter(Func<string, string>? finish = null)
{
    private readonly List<TextRun> _runs = [];
    private readonly StringBuilder _text = new();
    private TextStyle _look;

    public void Append(char character) => _text.Append(character);

    public void Append(string text) => _text.Append(text);

    /// <summary>Runs that are finished, in their own look on top of the present one.</summary>
    public void Append(IEnumerable<TextRun> runs)
    {
        End();
        _runs.AddRange(runs.Select(run => run with { Style = run.Style | _look }));
    }

    /// <summary>What follows looks so, or no longer so.</summary>
    public void Toggle(TextStyle style)
    {
        End();
        _look ^= style;
    }

    public IReadOnlyList<TextRun> ToRuns()
    {
        End();
        return _runs;
    }

    private void End()
    {
        if (_text.Length == 0) return;
        var text = _text.ToString();
        _runs.Add(new TextRun(finish is null ? text : finish(text), _look));
        _text.Clear();
    }
}
