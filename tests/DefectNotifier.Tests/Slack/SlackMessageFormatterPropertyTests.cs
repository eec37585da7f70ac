using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.TextViews;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Limits;

namespace DefectNotifier.Tests.Slack;

public class SlackMessageFormatterPropertyTests
{
    private static readonly SlackMessageFormatter Formatter = new();

    [Theory]
    [MemberData(nameof(HugeDocuments.Names), MemberType = typeof(HugeDocuments))]
    public void Format_HugeDocument_IsWithinSlacksRules(string name)
    {
        using var json = JsonDocument.Parse(Formatter.Format(HugeDocuments.Get(name)).Json);

        Assert.Empty(SlackRules.Check(json.RootElement));
    }

    [Fact]
    public void Format_AnyDocument_IsWithinSlacksRulesAndForgesNothing() => AnyDocument.Any.Sample(document =>
    {
        using var json = JsonDocument.Parse(Formatter.Format(document).Json);

        Assert.Empty(SlackRules.Check(json.RootElement));
        AssertNothingForged(json.RootElement);
    }, iter: PropertyCases.Of(100));

    [Fact]
    public void Format_SmallDocument_ShowsEveryTextLiterally() => AnyDocument.Small.Sample(document =>
    {
        var message = Formatter.Format(document);
        using var json = JsonDocument.Parse(message.Json);

        Assert.Empty(SlackRules.Check(json.RootElement));
        AssertNothingForged(json.RootElement);
        var view = ReadableLines.Collapse(SlackTextView.Render(message.Json));
        Assert.All(ReadableLines.Of(document), line => Assert.Contains(line, view, StringComparison.Ordinal));
        Assert.DoesNotContain("… shortened", view, StringComparison.Ordinal);
    }, iter: PropertyCases.Of(2_000));

    /// <summary>Every mention, link and markup in the message was in the document.</summary>
    private static void AssertNothingForged(JsonElement message)
    {
        var text = SlackRules.WithoutLiterals(message.GetProperty("text").GetString()!);
        Assert.DoesNotContain('<', text);
        Assert.DoesNotMatch(@"(?<![\p{L}\p{N}])[*_~`](?![\p{L}\p{N}])|:[^\s:\u2060][^\s:]*:|^\s*&gt;", text);
        Assert.DoesNotMatch("&(?!amp;|lt;|gt;)", text);
        foreach (var (path, name, value) in JsonStrings.In(message))
            if (name is "url" or "image_url") Assert.True(AnyDocument.Urls.Contains(value), path);
        foreach (var mrkdwn in MrkdwnTexts(message)) AssertOnlyOwnMarkup(mrkdwn);
    }

    private static void AssertOnlyOwnMarkup(string mrkdwn)
    {
        var tokens = Regex.Matches(mrkdwn, "<([^<>|]*)[^<>]*>").Select(match => match.Groups[1].Value);
        Assert.All(tokens, target => Assert.True(IsOwn(target.Replace("&amp;", "&", StringComparison.Ordinal)), mrkdwn));
        var rest = Regex.Replace(mrkdwn, "<[^<>]*>", "");
        Assert.DoesNotContain('<', rest);
        Assert.DoesNotMatch("&(?!amp;|lt;|gt;)", rest);
        Assert.DoesNotMatch(@":[^\s:]+:", rest);
        // After a link it is in the middle of its line, where it is no quote.
        Assert.DoesNotMatch(@"(?m)^\s*&gt;", Regex.Replace(mrkdwn, "<[^<>]*>", "link"));
    }

    private static bool IsOwn(string target) => AnyDocument.Urls.Contains(target)
        || Regex.Match(target, @"^!date\^\d+\^\{date_short_pretty\} \{time\}(?:\^(.*))?$") is { Success: true } date
            && (!date.Groups[1].Success || AnyDocument.Urls.Contains(date.Groups[1].Value));

    private static IEnumerable<string> MrkdwnTexts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(MrkdwnTexts),
        JsonValueKind.Object when element.TryGetProperty("type", out var type) && type.ValueEquals("mrkdwn") =>
            [element.GetProperty("text").GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => MrkdwnTexts(property.Value)),
        _ => [],
    };
}
