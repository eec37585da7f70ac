using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Chat.Teams.Cards;
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
        var bound = new StringBuilder();
        var at = 0;
        foreach (Match link in Link().Matches(text))
        {
            bound.Append(BindPlain(text[at..link.Index])).Append(BindLink(link.Groups["label"].Value, link.Groups["address"].Value));
            at = link.Index + link.Length;
        }

        return bound.Append(BindPlain(text[at..])).ToString();
    }

    private string BindLink(string label, string address)
    {
        if (!JsonTemplate.HasValue(address)) return $"[{BindPlain(label)}]({address})";
        return template.UrlOf(address) is { } url ? $"[{BindPlain(label)}]({TeamsText.LinkTarget(url)})" : BindPlain(label);
    }

    private string BindPlain(string text)
    {
        var bound = new StringBuilder();
        foreach (var piece in template.Split(text, maxValue)) bound.Append(piece.IsValue ? Value(piece.Inline) : piece.Inline.Text);
        return bound.ToString();
    }

    private string Value(MessageInline piece)
    {
        if (piece.Mention is { Teams: not null } mention) _mentions.Add(mention);
        return TeamsText.ToStyledMarkdown(piece);
    }

    [GeneratedRegex(@"\[(?<label>[^\[\]]*)\]\((?<address>[^()\s]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
