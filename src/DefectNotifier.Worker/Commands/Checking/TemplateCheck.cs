using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Looks at every template: its file, its text, and what it makes of events.</summary>
/// <param name="types">The kinds of destination.</param>
/// <param name="time">The clock.</param>
internal sealed class TemplateCheck(IReadOnlyList<IDestinationType> types, TimeProvider time)
{
    /// <summary>More than a hundred sets take; a template that runs away costs two seconds and is left out after that.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>How many templates and messages were looked at.</summary>
    public (int Templates, int Messages) Counted { get; private set; }

    /// <param name="settings">The settings, as far as they could be read.</param>
    /// <param name="good">The destinations without an error.</param>
    /// <param name="limit">What trying them may take.</param>
    public IEnumerable<Finding> Check(NotifierSettings settings, IReadOnlyList<DestinationOptions> good, TimeSpan limit)
    {
        IReadOnlyList<TemplateSource> sources;
        try
        {
            sources = TemplateSource.ReadAll(settings.Templates);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [FindingCode.UnreadableFile.At(settings.Templates.Path, $"The folder can't be read ({error.GetType().Name}).", "Look at its permissions.")];
        }

        var reach = new TemplateReach(settings.Routes, [.. good.Select(one => types.First(type => type.Name == one.Type).PlatformOf(one)).Distinct()]);
        var preview = new TemplatePreview(settings, sources, reach, time);
        List<Finding> findings =
        [
            .. new TemplateFileCheck(settings.Templates.Path, sources, reach).Check(),
            .. TemplateInspector.Inspect(sources).Select(issue => Of(issue, settings.Templates.Path)),
        ];
        // A line that the reading has told of fails in the trial too, for the same reason.
        var told = findings.Select(finding => LineOf(finding.Place)).ToHashSet(StringComparer.Ordinal);
        findings.AddRange(preview.Run(limit).Where(finding => finding.Code != FindingCode.RenderError.Word || !told.Contains(LineOf(finding.Place))));
        Counted = (sources.Count(source => !source.IsBuiltIn), preview.Count);
        return findings;
    }

    private static string LineOf(string place) => place[..Math.Max(0, place.LastIndexOf(':'))];

    private static Finding Of(TemplateIssue issue, string folder) =>
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
        _ => FindingCode.TemplateSyntax,
    };
}
