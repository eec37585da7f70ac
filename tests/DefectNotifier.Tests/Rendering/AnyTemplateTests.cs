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
/// Any template with any values gives a message within the time limit. The platform accepts the message, every value is literal
/// text, and every error has a location. The README of the benchmarks describes long runs.
/// </summary>
public sealed class AnyTemplateTests
{
    private const string Pieces = "**x** {{ defect.title }}";

    private static readonly ChatPlatform[] Platforms = [ChatPlatform.Slack, ChatPlatform.Teams];

    [Fact]
    public void Render_AnyCombinationOfPieces_IsASafeMessage() => Sample(
        Gen.Select(AnyTemplate.Markdown, AnyTemplate.SlackJson, AnyTemplate.TeamsJson, Gen.Bool, (markdown, slack, teams, withJson) =>
            Files(markdown, slack, teams, Pieces, withJson)), allCases: 500, isMutated: false);

    [Fact]
    public void Render_AnyMutatedTemplate_IsASafeMessage() => Sample(
        Gen.Select(AnyMutation.Markdown, AnyMutation.SlackJson, AnyMutation.TeamsJson, AnyMutation.Markdown, Gen.Bool,
            (markdown, slack, teams, piece, withJson) => Files(markdown, slack, teams, piece, withJson)), allCases: 500, isMutated: true);

    [Fact]
    public void Render_AnyProgram_IsASafeMessage() => Sample(
        Gen.Select(AnyScriban.Any, AnyScriban.Any, Gen.Bool, (program, piece, asJson) =>
            Files(program, program, program, piece, asJson)), allCases: 500, isMutated: true);

    /// <summary>When a template only writes a value, the structure of the message does not depend on the value.</summary>
    [Fact]
    public void Render_AnyMutatedTemplateWithTwoValues_DiffersOnlyInText() =>
        Gen.Select(AnyMutation.Markdown, HostileText, HostileText).Sample(
        (template, title, result) =>
        {
            if (DependsOnValues(template)) return;
            using var folder = new TemplateFolder(("defect.y.sbn", template));
            var store = folder.Load();
            if (AnyEvent.Of(title, result, title) is not { } hostile) return;
            var harmless = AnyEvent.Of(Harmless(title), Harmless(result), Harmless(title))!;

            Assert.Equal(Shape(store, harmless), Shape(store, hostile));
        },
        iter: PropertyCases.Of(500), threads: 2, writeLine: WriteLine);

    private static void Sample(Gen<(string Name, string Text)[]> templates, int allCases, bool isMutated)
    {
        var (statistics, cases) = (new FuzzStatistics(), PropertyCases.Of(allCases));
        Gen.Select(templates, AnyTemplate.Value, AnyTemplate.Value, AnyTemplate.Value).Sample(
            (files, title, result, extra) =>
            {
                if (AnyEvent.Of(title, result, extra) is not { } defectEvent) return;
                statistics.Case();
                var store = Load(files);
                CheckErrors(files, store.Errors);
                foreach (var platform in Platforms) CheckMessage(store, defectEvent, platform, files, isMutated, statistics);
            },
            iter: cases, threads: 2, writeLine: WriteLine);
        WriteLine(statistics.ToString());
        Assert.True(statistics.Succeeded > cases / 20, statistics.ToString());
        Assert.True(statistics.Replaced > cases / 20, statistics.ToString());
    }

    private static void CheckMessage(TemplateStore store, DefectEvent defectEvent, ChatPlatform platform,
        (string Name, string Text)[] files, bool isMutated, FuzzStatistics statistics)
    {
        var began = TimeProvider.System.GetTimestamp();
        // Much longer than the renderer's own limits, so only a rendering that never ends fails.
        var rendering = Task.Run(() => Render(store, defectEvent, platform));
        Assert.True(rendering.Wait(TimeSpan.FromMinutes(1)), "The rendering does not end.");
        var rendered = rendering.Result;

        statistics.Message(rendered.Error is not null, TimeProvider.System.GetElapsedTime(began),
            string.Join("\n---\n", files.Select(file => file.Text)));
        MessageSafety.Check(platform, rendered, isMutated);
        CheckErrors(files, rendered.Error is null ? rendered.Warnings : [rendered.Error, .. rendered.Warnings]);
    }

    private static RenderResult Render(TemplateStore store, DefectEvent defectEvent, ChatPlatform platform) =>
        new MessageRenderer(store, [new SlackMessageFormatter(), new TeamsMessageFormatter()], new QaseOptions(), TimeProvider.System)
            .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = platform });

    /// <summary>The location of an error is within the file.</summary>
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
    public void Inspect_AnyMutatedTemplate_GivesALocationForEverySyntaxError() =>
        Gen.Select(AnyMutation.Markdown, AnyScriban.Any, Gen.Bool, (mutated, program, isProgram) => isProgram ? program : mutated).Sample(
        text =>
        {
            using var folder = new TemplateFolder(("defect.y.sbn", text));
            var issues = TemplateInspector.Inspect(TemplateSource.ReadAll(folder.Options)).Where(issue => issue.File == "defect.y.sbn")
                .ToList();

            foreach (var issue in issues) AssertWithin(text, issue.Line, issue.Column, issue.ToString());
            if (folder.Load().Errors.Count > 0) Assert.Contains(issues, issue =>
                issue.Kind is TemplateIssueKind.Syntax or TemplateIssueKind.UnclosedTag);
        },
        iter: PropertyCases.Of(500), threads: 2, writeLine: WriteLine);

    // With a letter at both ends, because blank text and addresses change the structure.
    private static readonly Gen<string> HostileText = AnyTemplate.OneOf("evil").Array[1, 1].SelectMany(_ => AnyTemplate.Value)
        .Where(value => value.Length < 200).Select(value => $"evil {value.ReplaceLineEndings(" ")} evil");

    private static string Harmless(string hostile) => hostile.Length > 0 ? "harmless" : "";

    // Such a template may depend on the value.
    private static bool DependsOnValues(string template) =>
        ((string[])["markdown", "link", "==", "!=", ">", "<", "case", "+", "](", "["])
        .Any(word => template.Contains(word, StringComparison.Ordinal));

    private static string Shape(TemplateStore store, DefectEvent defectEvent)
    {
        var capture = new DocumentCapture();
        var result = new MessageRenderer(store, [capture], new QaseOptions(), new FakeTimeProvider())
            .Render(new RenderRequest { Event = defectEvent, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack });
        return result.Error is null ? string.Join('\n', Structure.Of(capture.Document).OrderBy(part => part.Key, StringComparer.Ordinal)
            .Select(part => $"{part.Key}: {part.Value}")) : result.Error.Location;
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
