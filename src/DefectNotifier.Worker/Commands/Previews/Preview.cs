using DefectNotifier.Chat;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>Routes and renders one event as the service would; nothing is stored.</summary>
internal sealed class Preview
{
    private readonly NotifierSettings _settings;
    private readonly TemplateStore _templates;
    private readonly MessageRenderer _renderer;

    /// <param name="settings">The settings.</param>
    /// <param name="templates">A folder of templates instead of the configured one; null: the configured one.</param>
    /// <exception cref="CommandException">The folder does not exist.</exception>
    public Preview(NotifierSettings settings, string? templates)
    {
        if (templates is not null && !Directory.Exists(templates))
            throw new CommandException($"--templates: there is no folder '{templates}'.");
        _settings = settings;
        Folder = templates ?? settings.Templates.Path;
        _templates = TemplateStore.Load(settings.Templates with { Path = Folder }, NullLogger<TemplateStore>.Instance);
        _renderer = new MessageRenderer(
            _templates, PlatformFormats.Formatters, settings.Qase, TimeProvider.System);
    }

    /// <summary>The folder of the templates.</summary>
    public string Folder { get; }

    /// <summary>The delivery that the routes plan to this destination; null when they plan none.</summary>
    public PlannedDelivery? PlanFor(DefectEvent defectEvent, DestinationOptions destination) =>
        new RouteTable(_settings.Routes).Plan(defectEvent).Deliveries
            .FirstOrDefault(planned => IsSame(planned.Destination, destination.Name));

    /// <summary>The template set that <c>--template-set</c> names; null without the option.</summary>
    /// <exception cref="CommandException">The folder does not exist.</exception>
    public string? Set(string? name) => name is null || Directory.Exists(Path.Combine(Folder, name))
        ? name
        : throw new CommandException($"--template-set: there is no folder '{name}' in '{Folder}'.");

    /// <summary>Renders the message, and returns the errors and warnings of the templates that it is made from.</summary>
    /// <param name="defectEvent">The event.</param>
    /// <param name="defect">What is stored about its defect; null: only what the event says.</param>
    /// <param name="platform">The chat platform.</param>
    /// <param name="templateSet">The template set; null: the common templates.</param>
    /// <param name="isTest">Whether the message says that it is a test.</param>
    public (ChatMessage Message, IReadOnlyList<RenderError> Errors, IReadOnlyList<RenderError> Warnings) Render(
        DefectEvent defectEvent, Defect? defect, ChatPlatform platform, string? templateSet, bool isTest)
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
        var errors = _templates.Errors.Where(error => IsUsed(error.Template, defectEvent.Name, templateSet));
        var warnings = Warnings(defectEvent.Name, templateSet).ToList();
        // The inspector often reports the same line as the failed rendering, and with a suggestion: report its text, as the error.
        var reported = warnings.Find(warning => (warning.Template, warning.Line) == (result.Error?.Template, result.Error?.Line));
        warnings.RemoveAll(warning => warning.Template == reported?.Template && warning.Line == reported.Line);
        return (
            result.Message,
            (reported ?? result.Error) is { } failed ? [.. errors, failed] : [.. errors],
            [.. warnings, .. result.Warnings]);
    }

    /// <summary>The file that the message is rendered with; a built-in template has the prefix <c>built-in:</c>.</summary>
    public string FileFor(DefectEvent defectEvent, ChatPlatform platform, string? templateSet) =>
        _templates.FileFor(templateSet, defectEvent.Name, platform);

    // What renders without an error but is probably not intended, such as a misspelled name.
    private IEnumerable<RenderError> Warnings(string eventName, string? templateSet)
    {
        var broken = _templates.Errors.Select(error => error.Template).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return TemplateInspector.Inspect(TemplateSource.ReadAll(_templates.Options))
            .Where(issue => !issue.File.Contains(':') && !broken.Contains(issue.File) && IsUsed(issue.File, eventName, templateSet))
            .Select(TemplateSuggestion.ErrorOf);
    }

    // A file with an error is skipped and the next one in order is used, so its author must see the error here. Any message can use an
    // include.
    private bool IsUsed(string template, string eventName, string? templateSet)
    {
        var name = NameOf(template);
        return IsInSearchPath(template, templateSet)
            && (name.StartsWith('_') || IsSame(name, eventName) || (name == "default" && !HasOwnTemplate(eventName, templateSet)));
    }

    private bool HasOwnTemplate(string eventName, string? templateSet)
    {
        var files = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.sbn", SearchOption.AllDirectories) : [];
        return TemplateFiles.ReadShipped().Select(template => template.Name)
            .Concat(files.Select(file => Path.GetRelativePath(Folder, file)))
            .Any(template => IsInSearchPath(template, templateSet) && IsSame(NameOf(template), eventName));
    }

    private static bool IsInSearchPath(string template, string? templateSet) =>
        (Path.GetDirectoryName(template) ?? "").Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries)
            .All(folder => ChatPlatforms.Words.Contains(folder) || IsSame(folder, templateSet));

    private static string NameOf(string template) => Path.GetFileName(template).Split(".json.sbn")[0].Split(".sbn")[0];

    private static bool IsSame(string left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
