using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The service's routing and rendering for one event, on the spot: nothing is stored.</summary>
internal sealed class Preview
{
    private readonly NotifierSettings _settings;
    private readonly TemplateStore _templates;
    private readonly MessageRenderer _renderer;

    /// <param name="settings">The settings.</param>
    /// <param name="templates">The folder of templates in place of the settings' one; null: that one.</param>
    /// <exception cref="CommandException">The folder is not there.</exception>
    public Preview(NotifierSettings settings, string? templates)
    {
        if (templates is not null && !Directory.Exists(templates)) throw new CommandException($"--templates: there is no folder '{templates}'.");
        _settings = settings;
        Folder = templates ?? settings.Templates.Path;
        _templates = TemplateStore.Load(settings.Templates with { Path = Folder }, NullLogger<TemplateStore>.Instance);
        _renderer = new MessageRenderer(_templates, [new SlackMessageFormatter(), new TeamsMessageFormatter()], settings.Qase, TimeProvider.System);
    }

    /// <summary>Where the templates are.</summary>
    public string Folder { get; }

    /// <summary>What the routes owe a destination for this event; null when they send it elsewhere or nowhere.</summary>
    public PlannedDelivery? PlanFor(DefectEvent defectEvent, DestinationOptions destination) =>
        new RouteTable(_settings.Routes).Plan(defectEvent).Deliveries.FirstOrDefault(planned => string.Equals(planned.Destination, destination.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The template set that was asked for.</summary>
    /// <exception cref="CommandException">There is no folder of this name.</exception>
    public string? Set(string? name) => name is null || Directory.Exists(Path.Combine(Folder, name)) ? name : throw new CommandException($"--template-set: there is no folder '{name}' in '{Folder}'.");

    /// <summary>The message, always; what is wrong with the templates that it is made of; and what in them is surely not meant.</summary>
    /// <param name="defectEvent">The event.</param>
    /// <param name="defect">What is remembered of its defect; null: what the event says.</param>
    /// <param name="platform">For which chat.</param>
    /// <param name="templateSet">The template set to look into first.</param>
    /// <param name="isTest">Whether the message says that it is a test.</param>
    public (ChatMessage Message, IReadOnlyList<RenderError> Errors, IReadOnlyList<RenderError> Warnings) Render(DefectEvent defectEvent, Defect? defect, ChatPlatform platform, string? templateSet, bool isTest)
    {
        var result = _renderer.Render(new RenderRequest
        {
            Event = defectEvent,
            Defect = defect,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            Platform = platform,
            TemplateSet = templateSet,
            IsTest = isTest,
        });
        var errors = _templates.Errors.Where(error => Serves(error.Template, defectEvent.Name, templateSet));
        var warnings = Warnings(defectEvent.Name, templateSet).ToList();
        // What fails is often what the strict reading tells of as well, and that one knows which word was meant.
        var told = warnings.Find(warning => (warning.Template, warning.Line) == (result.Error?.Template, result.Error?.Line));
        warnings.RemoveAll(warning => warning.Template == told?.Template && warning.Line == told.Line);
        return (result.Message, (told ?? result.Error) is { } failed ? [.. errors, failed] : [.. errors], [.. warnings, .. result.Warnings]);
    }

    /// <summary>The file that makes the message of an event, when it has no error: with <c>built-in:</c> before it for the program's own copy.</summary>
    public string FileFor(DefectEvent defectEvent, ChatPlatform platform, string? templateSet) => _templates.FileFor(templateSet, defectEvent.Name, platform);

    // What runs without an error and still can't be meant, as check tells it: a name that is never there.
    private IEnumerable<RenderError> Warnings(string eventName, string? templateSet)
    {
        var broken = _templates.Errors.Select(error => error.Template).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return TemplateInspector.Inspect(TemplateSource.ReadAll(_templates.Options))
            .Where(issue => !issue.File.Contains(':') && !broken.Contains(issue.File) && Serves(issue.File, eventName, templateSet))
            .Select(issue => new RenderError(issue.File, issue.Line, issue.Column, $"{issue.Message} {TemplateSuggestion.For(issue)?.Trim()}".Trim()));
    }

    // A file with an error is left out and the next in order stands in: its author must hear of it here. An include may be part of any message.
    private bool Serves(string template, string eventName, string? templateSet)
    {
        var name = NameOf(template);
        return IsLookedInto(template, templateSet)
            && (name.StartsWith('_') || Same(name, eventName) || (name == "default" && !HasItsOwn(eventName, templateSet)));
    }

    private bool HasItsOwn(string eventName, string? templateSet) => ShippedTemplates.Read().Select(template => template.Name)
        .Concat(Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.sbn", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)) : [])
        .Any(template => IsLookedInto(template, templateSet) && Same(NameOf(template), eventName));

    private static bool IsLookedInto(string template, string? templateSet) =>
        (Path.GetDirectoryName(template) ?? "").Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries).All(folder => folder is "slack" or "teams" || Same(folder, templateSet));

    private static string NameOf(string template) => Path.GetFileName(template).Split(".json.sbn")[0].Split(".sbn")[0];

    private static bool Same(string left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
