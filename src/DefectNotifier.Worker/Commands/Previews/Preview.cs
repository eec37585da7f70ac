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
using DefectNotifier.Worker.Terminal;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>Routes and renders one event as the service would; nothing is stored.</summary>
internal sealed class Preview
{
    private readonly NotifierSettings _settings;
    private readonly TemplateStore _templates;
    private readonly MessageRenderer _renderer;

    /// <exception cref="CommandException">The folder does not exist.</exception>
    public Preview(NotifierSettings settings, string? templates)
    {
        CommandSettings.RequireFolder(templates);
        _settings = settings;
        Folder = templates ?? settings.Templates.Path;
        _templates = TemplateStore.Load(settings.Templates with { Path = Folder }, NullLogger<TemplateStore>.Instance);
        _renderer = new MessageRenderer(
            _templates, PlatformFormats.Formatters, settings.Qase, TimeProvider.System);
    }

    public string Folder { get; }

    /// <summary>The delivery that the routes plan to this destination; null when they plan none.</summary>
    public PlannedDelivery? PlanFor(DefectEvent defectEvent, Defect? defect, DestinationOptions destination) =>
        new RouteTable(_settings.Routes).Plan(defectEvent, new RoutingMemory(defect?.Severity, Announced: [])).Deliveries
            .FirstOrDefault(planned => IsSame(planned.Destination, destination.Name));

    /// <summary>The template set that <c>--template-set</c> names; null without the option.</summary>
    /// <exception cref="CommandException">The folder does not exist.</exception>
    public string? Set(string? name) => name is null || Directory.Exists(Path.Combine(Folder, name))
        ? name
        : throw new CommandException($"--template-set: there is no folder '{name}' in '{Folder}'.");

    /// <summary>Renders the message, and returns the errors and warnings of the templates that it is made from.</summary>
    public (ChatMessage Message, IReadOnlyList<RenderError> Errors, IReadOnlyList<RenderError> Warnings) Render(
        RenderRequest request)
    {
        var (result, defectEvent, templateSet) = (_renderer.Render(request), request.Event, request.TemplateSet);
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

    /// <summary>Writes errors and warnings, each with its file and line, to standard error.</summary>
    public void Report(IReadOnlyList<RenderError> errors, IReadOnlyList<RenderError> warnings)
    {
        foreach (var warning in warnings) Output.WriteWarning(TextOf(warning));
        foreach (var error in errors) Output.WriteError(TextOf(error));
        if (errors.Count == 0) return;
        var running = errors.Any(_templates.Errors.Contains)
            ? " A service that has loaded a good version of the file continues with it."
            : "";
        Output.WriteError(
            $"The message was rendered without this template.{running} Fix it, or delete the file to use the built-in template.");
    }

    private string TextOf(RenderError error) =>
        $"{TemplatePlace.Of(Folder, error.Template, error.Line, error.Column)}: {error.Message}";

    // What renders without an error but is probably not intended, such as a misspelled name.
    private IEnumerable<RenderError> Warnings(string eventName, string? templateSet)
    {
        var broken = _templates.Errors.Select(error => error.Template).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return TemplateInspector.Inspect(_templates.Sources)
            .Where(issue => !issue.File.Contains(':') && !broken.Contains(issue.File) && IsUsed(issue.File, eventName, templateSet))
            .Select(TemplateSuggestion.ErrorOf);
    }

    // A file with an error is skipped and the next one in order is used, so its author must see the error here. Any message can use an
    // include.
    private bool IsUsed(string file, string eventName, string? templateSet)
    {
        var template = new TemplateSource(file, text: null);
        return IsInSearchPath(template, templateSet)
            && (template.IsPiece || IsSame(template.BareName, eventName)
                || (template.BareName == "default" && !HasOwnTemplate(eventName, templateSet)));
    }

    private bool HasOwnTemplate(string eventName, string? templateSet) => _templates.Sources
        .Any(template => IsInSearchPath(template, templateSet) && IsSame(template.BareName, eventName));

    private static bool IsInSearchPath(TemplateSource template, string? templateSet) =>
        template.Folder.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .All(folder => ChatPlatforms.Words.Contains(folder) || IsSame(folder, templateSet));

    private static bool IsSame(string left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
