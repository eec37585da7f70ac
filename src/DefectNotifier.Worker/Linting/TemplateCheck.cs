using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Checks every template: its file, its text, and the messages that it renders.</summary>
internal sealed class TemplateCheck(IReadOnlyList<IDestinationType> types, TimeProvider time)
{
    /// <summary>Enough for more than a hundred template sets.</summary>
    public static readonly TimeSpan MaxRenderTime = TimeSpan.FromMinutes(2);

    /// <summary>How many templates were checked, and how many messages were rendered.</summary>
    public (int Templates, int Messages) Counted { get; private set; }

    public IEnumerable<Finding> Check(NotifierSettings settings, IReadOnlyList<DestinationOptions> valid, TimeSpan maxRenderTime)
    {
        var folder = settings.Templates.Path;
        IReadOnlyList<TemplateSource> sources;
        try
        {
            sources = TemplateSource.ReadAll(settings.Templates);
        }
        catch (TemplateFolderException error)
        {
            return [FindingCode.UnreadableFile.At(folder, error.Message)];
        }

        var usage = new TemplateUsage(
            settings.Routes, [.. valid.Select(one => types.First(type => type.Name == one.Type).PlatformOf(one)).Distinct()]);
        var rendering = new TemplateRenderCheck(settings, sources, usage, time);
        List<Finding> findings =
        [
            .. new TemplateFileCheck(folder, sources, usage).Check(),
            .. TemplateInspector.Inspect(sources).Select(issue => FindingOf(issue, folder)),
        ];
        // A line with a syntax finding also fails to render, for the same reason: report it once.
        var reported = findings.Select(finding => LineOf(finding.Place)).ToHashSet(StringComparer.Ordinal);
        findings.AddRange(rendering.Run(maxRenderTime)
            .Where(finding => finding.Code != FindingCode.RenderError || !reported.Contains(LineOf(finding.Place))));
        Counted = (sources.Count(source => !source.IsBuiltIn), rendering.MessageCount);
        return findings;
    }

    private static string LineOf(string place) => place[..Math.Max(0, place.LastIndexOf(':'))];

    private static Finding FindingOf(TemplateIssue issue, string folder) =>
        CodeOf(issue.Kind).At(TemplatePlace.Of(folder, issue.File, issue.Line, issue.Column), issue.Message, TemplateSuggestion.For(issue));

    private static FindingCode CodeOf(TemplateIssueKind kind) => kind switch
    {
        TemplateIssueKind.UnclosedTag => FindingCode.UnclosedTag,
        TemplateIssueKind.StrayBrace => FindingCode.StrayBrace,
        TemplateIssueKind.UnknownName => FindingCode.UnknownName,
        TemplateIssueKind.UnknownFunction => FindingCode.UnknownFunction,
        TemplateIssueKind.WrongArguments => FindingCode.WrongArguments,
        TemplateIssueKind.UnknownInclude => FindingCode.UnknownInclude,
        TemplateIssueKind.IncludeCycle => FindingCode.IncludeCycle,
        TemplateIssueKind.UnknownMention => FindingCode.RenderWarning,
        TemplateIssueKind.DateFormat => FindingCode.DateFormat,
        TemplateIssueKind.ForeignMarkup => FindingCode.ForeignMarkup,
        TemplateIssueKind.UnknownWord => FindingCode.UnknownWord,
        TemplateIssueKind.SameName => FindingCode.SameName,
        _ => FindingCode.TemplateSyntax,
    };
}
