using System.Text.RegularExpressions;

namespace DefectNotifier.Testing;

/// <summary>Keeps large samples readable: <c>#151#</c> is 151 letters, <c>*11*{...}</c> in an array is the same object 11 times.</summary>
public static partial class Shorthand
{
    public static string Expand(string json)
    {
        var texts = Letters().Replace(json, match => new string('x', int.Parse(match.Groups[1].Value)));
        return Copies().Replace(
            texts, match => string.Join(',', Enumerable.Repeat(match.Groups[2].Value, int.Parse(match.Groups[1].Value))));
    }

    [GeneratedRegex("#([0-9]+)#")]
    private static partial Regex Letters();

    [GeneratedRegex(@"\*([0-9]+)\*(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})")]
    private static partial Regex Copies();
}
