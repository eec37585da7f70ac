using Scriban;

namespace DefectNotifier.Rendering;

/// <summary>A template that was read and parsed.</summary>
/// <param name="Name">With the name as the file spells it: <c>finance/slack/defect.created.json.sbn</c>, <c>built-in:default.sbn</c>.</param>
/// <param name="Template">Parsed.</param>
/// <param name="Text">What the file says.</param>
/// <param name="IsJson">True: it writes the JSON of a platform. False: Markdown.</param>
internal sealed record StoredTemplate(string Name, Template Template, string Text, bool IsJson)
{
    /// <summary>Where in the file something stands.</summary>
    /// <param name="offset">In what was parsed, which lacks the characters that tokens are made of.</param>
    public (int Line, int Column) PlaceOf(int offset)
    {
        var at = 0;
        for (var left = offset; at < Text.Length && (left > 0 || ValueTokens.IsTokenCharacter(Text[at])); at++)
            if (!ValueTokens.IsTokenCharacter(Text[at])) left--;
        return TextPlace.Of(Text, at);
    }
}
