using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.Teams.Cards;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Events;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams.Templates;

/// <summary>
/// Puts values into Markdown that an author wrote for a TextBlock or a fact. The author's markup stays; a value is shown literally.
/// </summary>
internal sealed partial class TeamsMarkdownBinder(JsonTemplate template, int maxValue)
{
    private readonly List<Mention> _mentions = [];

    /// <summary>The mentions in values.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions;

    public string Bind(string text)
    {
        var isBetweenMarks = EmphasisMarks.Between(text, isMarkdown: true);
        var hasCode = TeamsText.HasCode(template.Split(text, maxValue).Select(piece => piece.Inline));
        var source = template.OnOneLine(text, isBetweenMarks);
        var bound = new StringBuilder();
        var at = 0;
        foreach (Match link in Link().Matches(source))
        {
            bound.Append(BindText(source[at..link.Index], hasCode))
                .Append(BindLink(link.Groups["label"].Value, link.Groups["address"].Value, hasCode));
            at = link.Index + link.Length;
        }

        return bound.Append(BindText(source[at..], hasCode)).ToString();
    }

    private string BindLink(string label, string address, bool hasCode)
    {
        var target = JsonTemplate.HasValue(address) ? template.UrlOf(address) : address;
        if (target is null) return BindText(label, hasCode);
        var shown = BindText(template.OnOneLine(label, _ => true), hasCode, isLabel: true);
        return VisibleText.IsIn(shown) ? $"[{shown}]({TeamsText.LinkTarget(target)})" : "";
    }

    private string BindText(string text, bool hasCode, bool isLabel = false)
    {
        var bound = new StringBuilder();
        foreach (var piece in template.Split(text, maxValue))
        {
            if (!piece.IsValue) bound.Append(piece.Inline.Text);
            else if (isLabel) bound.Append(TeamsText.EscapeLabel(Value(piece.Inline with { Url = null }, hasCode)));
            else bound.Append(Value(piece.Inline, hasCode));
        }

        return bound.ToString();
    }

    private string Value(MessageInline piece, bool hasCode)
    {
        if (piece.Mention is { Teams: not null } mention) _mentions.Add(mention);
        return TeamsText.ToStyledMarkdown(piece, hasCode);
    }

    [GeneratedRegex(@"\[(?<label>[^\[\]]*)\]\((?<address>[^()\s]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
