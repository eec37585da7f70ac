using CsCheck;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Document;
using DefectNotifier.Tests.Rendering.JsonTemplates;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>
/// Any template with any values: there is always a message, in bounded time, it obeys the platform, no value is more than text in it, and an error has a place. The benchmarks' README says how
/// to let it run for long.
/// </summary>
public sealed class AnyTemplateTests
{
    private const string Pieces = "**x** {{ defect.title }}";

    private static readonly ChatPlatform[] Platforms = [ChatPlatform.Slack, ChatPlatform.Teams];

    [Fact]
    public void Render_AnyTemplateOfPieces_IsAMessageThatForgesNothing() => Sample(
        Gen.Select(AnyTemplate.Markdown, AnyTemplate.SlackJson, AnyTemplate.TeamsJson, Gen.Bool, (markdown, slack, teams, withJson) => Files(markdown, slack, teams, Pieces, withJson)), cases: 500, isShaken: false);

    [Fact]
    public void Render_AnyShakenTemplate_IsAMessageThatForgesNothing() => Sample(
        Gen.Select(AnyMutation.Markdown, AnyMutation.SlackJson, AnyMutation.TeamsJson, AnyMutation.Markdown, Gen.Bool, (markdown, slack, teams, piece, withJson) => Files(markdown, slack, teams, piece, withJson)), cases: 500, isShaken: true);

    [Fact]
    public void Render_AnyProgram_IsAMessageThatForgesNothing() => Sample(
        Gen.Select(AnyScriban.Any, AnyScriban.Any, Gen.Bool, (program, piece, asJson) => Files(program, program, program, piece, asJson)), cases: 500, isShaken: true);

    /// <summary>Where a template only writes a value, the message is built the same way whatever the value says.</summary>
    [Fact]
    public void Render_AnyShakenTemplateAndTwoValues_DiffersInWordsAlone() => Gen.Select(AnyMutation.Markdown, HostileText, HostileText).Sample(
        (template, title, result) =>
        {
            if (LooksAtValues(template)) return;
            using var folder = new TemplateFolder(("defect.y.sbn", template));
            var store = folder.Load();
            if (AnyEvent.Of(title, result, title) is not { } hostile) return;
            var harmless = AnyEvent.Of(Harmless(title), Harmless(result), Harmless(title))!;

            Assert.Equal(Shape(store, harmless), Shape(store, hostile));
        },
        iter: 500, threads: 2, writeLine: WriteLine);

    private static void Sample(Gen<(string Name, string Text)[]> templates, int cases, bool isShaken)
    {
        var tally = new FuzzStatistics();
        Gen.Select(templates, AnyTemplate.Value, AnyTemplate.Value, AnyTemplate.Value).Sample(
            (files, title, result, extra) =>
            {
                if (AnyEvent.Of(title, result, extra) is not { } defectEvent) return;
                tally.Case();
                var store = Load(files);
                CheckErrors(files, store.Errors);
                foreach (var platform in Platforms) CheckMessage(store, defectEvent, platform, files, isShaken, tally);
            },
            iter: cases, threads: 2, writeLine: WriteLine);
        WriteLine(tally.ToString());
        Assert.True(tally.Sound > cases / 20, tally.ToString());
        Assert.True(tally.StoodIn > cases / 20, tally.ToString());
    }

    private static void CheckMessage(TemplateStore store, DefectEvent defectEvent, ChatPlatform platform, (string Name, string Text)[] files, bool isShaken, FuzzStatistics tally)
    {
        var began = TimeProvider.System.GetTimestamp();
        // Far beyond the renderer's own limits, so that only what never ends is caught.
        var rendering = Task.Run(() => Render(store, defectEvent, platform));
        Assert.True(rendering.Wait(TimeSpan.FromMinutes(1)), "It hangs.");
        var rendered = rendering.Result;

        tally.Message(rendered.Error is not null, TimeProvider.System.GetElapsedTime(began), string.Join("\n---\n", files.Select(file => file.Text)));
        MessageSafety.Check(platform, rendered, isShaken);
        CheckErrors(files, rendered.Error is null ? rendered.Warnings : [rendered.Error, .. rendered.Warnings]);
    }

    private static RenderResult Render(TemplateStore store, DefectEvent defectEvent, ChatPlatform platform) =>
        new MessageRenderer(store, [new SlackMessageFormatter(), new TeamsMessageFormatter()], new QaseOptions(), TimeProvider.System)
            .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = platform });

    /// <summary>An error that has a place has it within the file.</summary>
    private static void CheckErrors((string Name, string Text)[] files, IReadOnlyList<RenderError> errors)
    {
        foreach (var error in errors)
        {
            Assert.NotEqual("", error.Message.Trim());
            if (files.FirstOrDefault(file => file.Name == error.Template).Text is not { } text || error.Line == 0) continue;
            AssertWithin(text, error.Line, error.Column, error.ToString());
        }
    }

    private static void AssertWithin(string text, int line, int column, string what)
    {
        var lines = text.Split('\n');
        Assert.True(line >= 1 && line <= lines.Length, what);
        Assert.True(column >= 1 && column <= lines[line - 1].Length + 1, what);
    }

    [Fact]
    public void Inspect_AnyShakenTemplate_NamesAPlaceForEveryErrorOfItsSyntax() => Gen.Select(AnyMutation.Markdown, AnyScriban.Any, Gen.Bool, (shaken, program, isProgram) => isProgram ? program : shaken).Sample(
        text =>
        {
            using var folder = new TemplateFolder(("defect.y.sbn", text));
            var issues = TemplateInspector.Inspect(TemplateSource.ReadAll(folder.Options)).Where(issue => issue.File == "defect.y.sbn").ToList();

            foreach (var issue in issues) AssertWithin(text, issue.Line, issue.Column, issue.ToString());
            if (folder.Load().Errors.Count > 0) Assert.Contains(issues, issue => issue.Kind is TemplateIssueKind.Syntax or TemplateIssueKind.UnclosedTag);
        },
        iter: 500, threads: 2, writeLine: WriteLine);

    // A letter at both ends: what is blank, or an address, is another matter.
    private static readonly Gen<string> HostileText = AnyTemplate.OneOf("evil").Array[1, 1].SelectMany(_ => AnyTemplate.Value).Where(value => value.Length < 200).Select(value => $"evil {value.ReplaceLineEndings(" ")} evil");

    private static string Harmless(string hostile) => hostile.Length > 0 ? "harmless" : "";

    // Such a template may well show one thing for this value and another for that one.
    private static bool LooksAtValues(string template) => ((string[])["markdown", "link", "==", "!=", ">", "<", "case", "+", "](", "["]).Any(word => template.Contains(word, StringComparison.Ordinal));

    private static string Shape(TemplateStore store, DefectEvent defectEvent)
    {
        var keeper = new DocumentCapture();
        var result = new MessageRenderer(store, [keeper], new QaseOptions(), new FakeTimeProvider())
            .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack });
        return result.Error is null ? string.Join('\n', Structure.Of(keeper.Document).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => $"{part.Key}: {part.Value}")) : result.Error.Location;
    }

    private static (string Name, string Text)[] Files(string markdown, string slack, string teams, string piece, bool withJson) => withJson
        ? [("defect.y.sbn", markdown), ("slack/defect.y.json.sbn", slack), ("teams/defect.y.json.sbn", teams), ("_piece.sbn", piece)]
        : [("defect.y.sbn", markdown), ("_piece.sbn", piece)];

    private static TemplateStore Load((string Name, string Text)[] files)
    {
        using var folder = new TemplateFolder(files);
        return TemplateStore.Load(RenderedJson.Options with { Path = folder.Path }, NullLogger<TemplateStore>.Instance);
    }

    private static void WriteLine(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
