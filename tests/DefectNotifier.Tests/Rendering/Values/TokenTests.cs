using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;

namespace DefectNotifier.Tests.Rendering.Values;

/// <summary>Values are tokens in captures, includes and filters, whatever their text.</summary>
public sealed class TokenTests
{
    private static readonly DefectEvent Event = Some.DefectEvent with { Title = "*t*" };

    [Theory]
    [InlineData("{{ capture x }}**bold** {{ defect.title }}{{ end }}{{ x }}", "p {b|bold} *t*")]
    [InlineData("{{ capture x }}**bold** {{ defect.title }}{{ end }}{{ x }} {{ x }}", "p {b|bold} *t* {b|bold} *t*")]
    [InlineData("{{ capture x }}_a_{{ end }}{{ capture y }}**{{ x }}** {{ defect.title }}{{ end }}{{ y }}", "p {bi|a} *t*")]
    [InlineData("{{ capture x }}# {{ defect.title }}{{ end }}{{ x }}", "h1 *t*")]
    [InlineData("{{ func f }}**{{ defect.title }}**{{ end }}{{ f }}", "p {b|*t*}")]
    public void Render_Capture_KeepsTheMarkupOfTheTemplate(string template, string outline) =>
        Assert.Equal(outline, Rendered.Outline(template, Event));

    [Theory]
    [InlineData("{{ '**' + defect.title + '**' }}", "p ***t***")]
    [InlineData("{{ defect.title | string.upcase }}", "p *T*")]
    [InlineData("{{ defect.title | string.append '**x**' }}", "p *t***x**")]
    [InlineData("{{ '**x**' }}", "p **x**")]
    [InlineData("{{ $'**{defect.title}**' }}", "p ***t***")]
    [InlineData("{{ [defect.title, '_a_'] | array.join ' ' }}", "p *t* _a_")]
    [InlineData("{{ defect.title | string.replace '*' '**' }}", "p **t**")]
    public void Render_TextOfAnExpression_IsAValue(string template, string outline) =>
        Assert.Equal(outline, Rendered.Outline(template, Event));

    [Theory]
    [InlineData("{{ capture x }}{{ defect.title }}{{ end }}{{ x | string.append '!' }}", "p *t*!")]
    [InlineData("{{ capture x }}{{ defect.title }}{{ end }}{{ x | string.upcase }}", "p *t*")]
    [InlineData("{{ capture x }}a {{ defect.title }}{{ end }}{{ x | string.slice 0 3 }}", "p a")]
    [InlineData("{{ capture x }}{{ defect.title }} b{{ end }}{{ x | string.slice 1 }}", "p b")]
    [InlineData("{{ capture x }}{{ defect.title }} b{{ end }}{{ x | truncate 3 }}", "p …")]
    [InlineData("{{ capture x }}{{ defect.title }}{{ end }}{{ (x | string.slice 1) + (x | string.slice 0 2) }}|", "p |")]
    public void Render_FilterOverACapture_KeepsWholeTokensAndDropsParts(string template, string outline) =>
        Assert.Equal(outline, Rendered.Outline(template, Event));

    [Fact]
    public void Render_FilterOverACapture_TurnsItsMarkupIntoText() =>
        Assert.Equal("p **A** *t*", Rendered.Outline("{{ capture x }}**a** {{ defect.title }}{{ end }}{{ x | string.upcase }}", Event));

    [Fact]
    public void Render_Include_KeepsItsMarkupAndItsValuesLiteral()
    {
        using var folder = new TemplateFolder(
            ("default.sbn", "{{ include '_a' }} and {{ x = include '_a' }}{{ x }}"),
            ("_a.sbn", "**b** {{ defect.title }}"));

        Assert.Equal(("p {b|b} *t* and {b|b} *t*", null), Rendered.By(folder.Load(), Event with { Name = "x.y" }));
    }

    [Theory]
    [InlineData("\uE000\uE001\uE00B")]
    [InlineData("\uE000")]
    [InlineData("\uE00B\uE001\uE000")]
    [InlineData("\uE000\uE002\uE00B\uE000\uE000\uE001")]
    public void Render_TokenCharactersFromOutside_AreRemoved(string characters)
    {
        var shown = Rendered.Outline("[{{ defect.title }}] {{ project.code }}",
            Event with { Title = $"a{characters}b", ProjectCode = "SECRET" });

        Assert.Equal("p [ab] SECRET", shown);
    }

    [Fact]
    public void Render_TokenCharactersInATemplate_AreRemoved() =>
        Assert.Equal("p a *t* b", Rendered.Outline("a\uE000\uE001\uE00B {{ defect.title }} \uE00Bb&#xE000;", Event));

    [Theory]
    [InlineData("a\0b\u0007c\u001b[31m", "p abc[31m")]
    [InlineData("a\u202Eb\u2066c\u2069d\u202A", "p abcd")]
    [InlineData("one\u2028two\u2029three", "p one⏎two⏎three")]
    [InlineData("a\uFEFFb", "p ab")]
    [InlineData("a\tb", "p a\tb")]
    [InlineData("a\r\nb\rc\nd", "p a⏎b⏎c⏎d")]
    [InlineData("👩🏽‍💻 🏴󠁧󠁢󠁳󠁣󠁴󠁿 é שלום\u200F", "p 👩🏽‍💻 🏴󠁧󠁢󠁳󠁣󠁴󠁿 é שלום\u200F")]
    [InlineData("\uF8FF\uE00C", "p \uF8FF\uE00C")]
    public void Render_HarmfulCharacters_AreRemovedAndNoOthers(string title, string outline) =>
        Assert.Equal(outline, Rendered.Outline("{{ defect.title }}", Event with { Title = title }));

    [Fact]
    public void Render_LoneSurrogates_AreReplaced() =>
        Assert.Equal("p \uFFFD\uFFFDa\uFFFD", Rendered.Outline("{{ defect.title }}", Event with { Title = "\udc69\ud83da\ud83d" }));

    [Fact]
    public void Clean_AnyText_IsCleanAndStaysTheSameWhenCleanedAgain() => Gen.String.Sample(
        text =>
        {
            var clean = TextCleaning.Clean(text);

            Assert.Equal(clean, TextCleaning.Clean(clean));
            Assert.DoesNotContain(clean, ValueTokens.IsTokenCharacter);
            Assert.DoesNotContain(clean, character => char.IsControl(character) && character is not ('\n' or '\t'));
        },
        iter: PropertyCases.Of(2_000));

    [Fact]
    public void Expand_AnyText_ReplacesTokensAndDropsParts()
    {
        var tokens = new ValueTokens();
        var known = Enumerable.Range(0, 12).Select(number => tokens.Add(new TemplateValue($"<{number}>"))).ToArray();
        var pieces = Gen.OneOf(["a", " ", "\uE000", "\uE001", "\uE00A", "\uE00B", .. known]).Array[0, 12];

        pieces.Sample(
            parts =>
            {
                var placed = tokens.Expand(string.Concat(parts));

                Assert.DoesNotContain(placed, ValueTokens.IsTokenCharacter);
                Assert.Equal(parts.Count(part => part == "a"), placed.Count(character => character == 'a'));
            },
            iter: PropertyCases.Of(5_000));
        Assert.Equal("a<11>b<0>", tokens.Expand($"a{known[11]}b{known[0]}"));
    }
}
