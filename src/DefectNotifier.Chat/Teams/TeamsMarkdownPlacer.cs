using System.Text;
using System.Text.RegularExpressions;
using DefectNotifier.Rendering.JsonTemplates;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Chat.Teams;

/// <summary>Puts values into Markdown that an author wrote for a TextBlock or a fact. The author's markup stays; a value is shown as it is.</summary>
internal sealed partial class TeamsMarkdownPlacer(JsonTemplate template, int cap)
{
    private readonly List<Mention> _mentions = [];

    /// <summary>Who was mentioned by a value.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions;

    public string Place(string text)
    {
        var placed = new StringBuilder();
        var at = 0;
        foreach (Match link in Link().Matches(text))
        {
            placed.Append(Running(text[at..link.Index])).Append(PlaceLink(link.Groups["label"].Value, link.Groups["address"].Value));
            at = link.Index + link.Length;
        }

        return placed.Append(Running(text[at..])).ToString();
    }

    private string PlaceLink(string label, string address)
    {
        if (!JsonTemplate.HasValue(address)) return $"[{Running(label)}]({address})";
        return template.UrlOf(address) is { } url ? $"[{Running(label)}]({TeamsText.LinkTarget(url)})" : Running(label);
    }

    private string Running(string text)
    {
        var placed = new StringBuilder();
        foreach (var piece in template.Split(text, cap)) placed.Append(piece.IsValue ? Value(piece.Inline) : piece.Inline.Text);
        return placed.ToString();
    }

    private string Value(MessageInline piece)
    {
        if (piece.Mention is { Teams: not null } mention) _mentions.Add(mention);
        return TeamsText.ToStyledMarkdown(piece);
    }

    [GeneratedRegex(@"\[(?<label>[^\[\]]*)\]\((?<address>[^()\s]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link();
}
