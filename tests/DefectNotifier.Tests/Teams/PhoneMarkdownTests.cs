using CsCheck;
using DefectNotifier.Chat.Teams.Cards;

namespace DefectNotifier.Tests.Teams;

/// <summary>Values in cards on phones, by a model of their Markdown parser.</summary>
public sealed class PhoneMarkdownTests
{
    /// <summary>What Microsoft's parser makes of the texts.</summary>
    [Theory]
    [InlineData("see [x](https://e/a_b) a\\*b \\[c\\] 14\\. &lt;", "see x a*b [c] 14\\. &lt;", "https://e/a_b")]
    [InlineData("\\[a\\] D\\-42", "[a] D\\-42", null)]
    [InlineData("**b** _i_ a_b_c 2*3*4", "b i a_b_c 234", null)]
    [InlineData("(a)- b", "(a)• b", null)]
    [InlineData("[x]\u2060(https://e)", "[x]\u2060(https://e)", null)]
    [InlineData("[a](b", "[a](b", null)]
    [InlineData("[[x](https://e) y](https://f)", "[x y](https://f)", "https://e")]
    public void Read_Text_IsWhatAndroidShows(string markdown, string expected, string? link)
    {
        var (android, _, links) = PhoneMarkdown.Read(markdown);

        Assert.Equal(expected, android);
        Assert.Equal(link, links.SingleOrDefault());
    }

    [Fact]
    public void Read_TextWithoutMarkup_KeepsBracketsEscapedOnIPhones() =>
        Assert.Equal("\\[a\\] b*c", PhoneMarkdown.Read("\\[a\\] b\\*c").IPhone);

    [Theory]
    [InlineData("D-42")]
    [InlineData("14.03.2026")]
    [InlineData("<b>&lt;b&gt;</b>")]
    [InlineData("[WEB-1] *a_b* ~~c~~ | d")]
    [InlineData("see [qase.io/D-41](https://evil.example/login)")]
    public void EscapeMarkdown_Text_IsLiteralOnPhones(string text)
    {
        var (android, iPhone, links) = PhoneMarkdown.Read(TeamsText.EscapeMarkdown(text));

        Assert.Equal(text, AnyMarkup.Shown(android));
        Assert.Equal(text, AnyMarkup.Shown(iPhone));
        Assert.Empty(links);
    }

    /// <summary>Nothing but two backticks needs backslashes that phones show.</summary>
    [Fact]
    public void EscapeMarkdown_AnyText_IsLiteralOnPhonesExceptForPairsOfBackticks() => AnyMarkup.Text.Sample(text =>
    {
        var (android, iPhone, links) = PhoneMarkdown.Read(TeamsText.EscapeMarkdown(text));

        var isPair = text.AsSpan().Count('`') > 1;
        var expected = AnyMarkup.Shown(isPair ? text.Replace("`", "\\`", StringComparison.Ordinal) : text);
        Assert.Equal(expected, AnyMarkup.Shown(android));
        Assert.Equal(expected, AnyMarkup.Shown(iPhone));
        Assert.Empty(links);
    }, iter: PropertyCases.Of(40_000));

    [Fact]
    public void TextRun_AnyText_HasNoLinkOnIPhones() => Gen.Select(AnyMarkup.Text, Gen.Bool).Sample(
        (text, isCode) => Assert.Empty(PhoneMarkdown.Read(TeamsText.TextRun(text, isCode)).Links), iter: PropertyCases.Of(20_000));

    [Fact]
    public void Render_AnyTextInAnAuthorsMarkup_IsLiteralOnPhones() => Gen.Select(AnyMarkup.Text, AnyMarkup.Text).Sample((first, second) =>
    {
        foreach (var element in MarkupTemplate.Render(first, second))
        {
            if (!element.Json.TryGetProperty("text", out var markdown)) continue;
            var (android, iPhone, links) = PhoneMarkdown.Read(markdown.GetString()!);

            var isPair = (first + second).AsSpan().Count('`') > 1;
            foreach (var text in element.Texts.Select(AnyMarkup.Shown))
            {
                Assert.Contains(text, Seen(android, isPair), StringComparison.Ordinal);
                Assert.Contains(text, Seen(iPhone, isPair), StringComparison.Ordinal);
            }

            Assert.All(links, link => Assert.StartsWith(MarkupTemplate.Link, link, StringComparison.Ordinal));
        }
    }, iter: PropertyCases.Of(1_000));

    private static string Seen(string text, bool isPair) =>
        AnyMarkup.Shown(isPair ? text.Replace("\\`", "`", StringComparison.Ordinal) : text);
}
