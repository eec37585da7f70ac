using System.Globalization;
using System.Text;

namespace DefectNotifier.Chat.Sandbox;

/// <summary>Collects the lines of a message for a terminal. Control characters do not get through: a terminal would obey them.</summary>
internal sealed class TextPage
{
    private const int WidestRule = 60;

    private readonly StringBuilder _text = new();
    private string _margin = "";

    /// <summary>Every line of the text; the first after <paramref name="marker"/>, the others below its end.</summary>
    public void Write(string text, string marker = "")
    {
        var lead = marker;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            _text.Append(_margin).Append(lead).Append(Printable(line)).Append('\n');
            lead = new string(' ', marker.Length);
        }
    }

    public void WriteHeading(string text)
    {
        Write(text);
        var widest = text.ReplaceLineEndings("\n").Split('\n').Max(line => new StringInfo(line).LengthInTextElements);
        Write(new string('=', Math.Clamp(widest, 1, WidestRule)));
    }

    public void WriteRule() => Write(new string('─', WidestRule));

    public void WriteWithin(string margin, Action write)
    {
        var outer = _margin;
        _margin = outer + margin;
        write();
        _margin = outer;
    }

    public override string ToString() => _text.ToString();

    private static string Printable(string line) => line.Any(IsUnprintable)
        ? string.Concat(line.Select(character => IsUnprintable(character) ? '\uFFFD' : character))
        : line;

    private static bool IsUnprintable(char character) => char.IsControl(character) && character != '\t';
}
