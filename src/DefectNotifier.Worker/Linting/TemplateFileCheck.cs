using DefectNotifier.Rendering;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Looks for template files that can't be read, that nobody reads, or that no event asks for.</summary>
/// <param name="folder">Where the templates are.</param>
/// <param name="sources">All templates.</param>
/// <param name="reach">What the routes ask for.</param>
internal sealed class TemplateFileCheck(string folder, IReadOnlyList<TemplateSource> sources, TemplateReach reach)
{
    private const int MaxFiles = 2000;
    private const string Extension = ".sbn";

    // What a text editor or another template language makes of a template's name.
    private static readonly string[] LikelyExtensions = [".txt", ".scriban", ".liquid", ".html", ".sbntxt", ".json", ".jsonc"];

    // Names that something asks for besides events.
    private static readonly string[] OwnNames = ["default", "digest", "notifier.delayed", "notifier.parked", "notifier.resumed", "notifier.undelivered"];

    private static readonly string[] KnownNames = [.. EventNames.Known, .. OwnNames];

    public IEnumerable<Finding> Check() =>
        sources.Where(source => !source.IsBuiltIn).SelectMany(CheckOne)
            .Concat(CheckSets())
            .Concat(CheckIgnored());

    private IEnumerable<Finding> CheckOne(TemplateSource source)
    {
        var place = Path.Combine(folder, source.Name);
        if (source.Text is null) yield return FindingCode.UnreadableFile.At(place, "The file can't be read.", "Look at its permissions.");
        if (source.PlaceError is { } misplaced)
        {
            yield return FindingCode.MisplacedFile.At(place, misplaced, "Until it is moved nobody reads it.");
            yield break;
        }

        var (set, platform) = TemplateReach.Read(source.Folder);
        if (source.IsPiece || (set is not null && !reach.Has(set))) yield break;

        if (!KnownNames.Contains(source.BareName, StringComparer.OrdinalIgnoreCase))
        {
            yield return FindingCode.TemplateName.At(place, $"'{source.BareName}' is no event that Qase documents, so nothing may ever ask for it. A piece for include begins with _.",
                Suggestion.For(source.BareName, KnownNames).Replace("'?", $"{source.Name[(source.Name.LastIndexOf('/') + 1 + source.BareName.Length)..]}'?", StringComparison.Ordinal));
        }
        else if (platform is { } asked && !reach.Asks(asked))
        {
            yield return FindingCode.UnusedTemplate.At(place, $"There is no destination for {asked}, so nothing asks for it.");
        }
        else if (!OwnNames.Contains(source.BareName, StringComparer.OrdinalIgnoreCase) && !reach.Asks(set, source.BareName) && !IsShipped(source))
        {
            yield return FindingCode.UnusedTemplate.At(place, $"No route{(set is null ? "" : $" with the set '{set}'")} takes {source.BareName}, so nothing asks for it.");
        }
    }

    private IEnumerable<Finding> CheckSets() => sources.Where(source => source is { IsBuiltIn: false, PlaceError: null }).Select(source => TemplateReach.Read(source.Folder).Set).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)
        .Where(set => !reach.Has(set))
        .Select(set => FindingCode.UnusedSet.At(Path.Combine(folder, set), $"No route has \"TemplateSet\": \"{set}\", so nothing in it is read.", Suggestion.For(set, reach.Sets)));

    // All copies stand there for whoever wants to change one.
    private bool IsShipped(TemplateSource source) => sources.Any(other => other.IsBuiltIn && other.Name.EndsWith(":" + source.Name, StringComparison.Ordinal) && other.Text == source.Text);

    private IEnumerable<Finding> CheckIgnored()
    {
        if (!Directory.Exists(folder)) yield break;
        var known = sources.Select(source => source.Name).ToHashSet(StringComparer.Ordinal);
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true };
        foreach (var file in Directory.EnumerateFiles(folder, "*", options).Take(MaxFiles).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (known.Contains(name) || !LooksLikeTemplate(Path.GetFileName(file))) continue;
            yield return FindingCode.IgnoredFile.At(Path.Combine(folder, name), "Nobody reads it.", name.EndsWith(Extension, StringComparison.Ordinal)
                ? "It lies too deep: only a set's folder and a platform's within it are looked into."
                : $"A template's name ends with {Extension}.");
        }
    }

    private static bool LooksLikeTemplate(string name) =>
        name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        || (LikelyExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            && (name.Contains(Extension + ".", StringComparison.OrdinalIgnoreCase) || KnownNames.Any(known => name.StartsWith(known + ".", StringComparison.OrdinalIgnoreCase)) || name.StartsWith('_')));
}
