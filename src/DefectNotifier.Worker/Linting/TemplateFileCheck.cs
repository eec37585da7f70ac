using System.IO.Enumeration;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Finds template files that can't be read, that are ignored, or that no event uses.</summary>
internal sealed class TemplateFileCheck(string folder, IReadOnlyList<TemplateSource> sources, TemplateUsage usage)
{
    private const int MaxFiles = 2000;
    private const int MaxDepth = 4;

    /// <summary>Templates are read in the folders of sets and platforms.</summary>
    private const int MaxReadDepth = 2;

    private const string Extension = ".sbn";

    // Extensions that text editors and other template languages give to a template.
    private static readonly string[] WrongExtensions = [".txt", ".scriban", ".liquid", ".html", ".sbntxt", ".json", ".jsonc"];

    // Templates that are not for an event of Qase.
    private static readonly string[] OwnNames = ["default", OwnEvents.Digest, .. OwnEvents.Notices];

    private static readonly string[] KnownNames = [.. EventNames.Known, .. OwnNames];

    public IEnumerable<Finding> Check() =>
        sources.Where(source => !source.IsBuiltIn).SelectMany(CheckOne).Concat(CheckSets()).Concat(CheckIgnored());

    private IEnumerable<Finding> CheckOne(TemplateSource source)
    {
        var place = Path.Combine(folder, source.Name);
        if (source.ReadError is { } unreadable) yield return FindingCode.UnreadableFile.At(place, unreadable);
        if (source.PathError is { } misplaced)
        {
            yield return FindingCode.MisplacedFile.At(place, misplaced, "It is ignored until it is moved.");
            yield break;
        }

        var (set, platform) = TemplateUsage.Read(source.Folder);
        if (source.IsPiece || (set is not null && !usage.UsesSet(set))) yield break;

        if (!KnownNames.Contains(source.BareName, StringComparer.OrdinalIgnoreCase))
        {
            yield return FindingCode.TemplateName.At(
                place,
                $"'{source.BareName}' is not an event that Qase documents, so this template may never be used. "
                + "The name of a template for include starts with _.",
                Suggestion.For(source.BareName, KnownNames).Replace("'?", $"{ExtensionOf(source)}'?", StringComparison.Ordinal));
        }
        else if (platform is { } used && !usage.UsesPlatform(used))
        {
            yield return FindingCode.UnusedTemplate.At(place, $"There is no {used} destination, so this template is not used.");
        }
        else if (!OwnNames.Contains(source.BareName, StringComparer.OrdinalIgnoreCase)
            && !usage.UsesEvent(set, source.BareName) && !IsUnchangedCopy(source))
        {
            var route = set is null ? "No route" : $"No route with the template set '{set}'";
            yield return FindingCode.UnusedTemplate.At(place, $"{route} matches {source.BareName}, so this template is not used.");
        }
    }

    private static string ExtensionOf(TemplateSource source) => source.Name[(source.Name.LastIndexOf('/') + 1 + source.BareName.Length)..];

    private IEnumerable<Finding> CheckSets() => sources
        .Where(source => source is { IsBuiltIn: false, PathError: null })
        .Select(source => TemplateUsage.Read(source.Folder).Set).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)
        .Where(set => !usage.UsesSet(set))
        .Select(set => FindingCode.UnusedSet.At(
            Path.Combine(folder, set),
            $"No route has \"TemplateSet\": \"{set}\", so this folder is not used.",
            Suggestion.For(set, usage.Sets)));

    // init copies all built-in templates, whether the routes use them or not.
    private bool IsUnchangedCopy(TemplateSource source) => sources.Any(other =>
        other.IsBuiltIn && other.Name.EndsWith(":" + source.Name, StringComparison.Ordinal) && other.Text == source.Text);

    private IEnumerable<Finding> CheckIgnored()
    {
        if (!Directory.Exists(folder)) yield break;
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, IgnoreInaccessible = true };
        var files = new FileSystemEnumerable<string>(folder, (ref entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory,
            // A link to a folder can lead anywhere.
            ShouldRecursePredicate = (ref entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
        foreach (var file in files.Take(MaxFiles).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            var hasExtension = name.EndsWith(Extension, StringComparison.Ordinal);
            if ((hasExtension && name.Count('/') <= MaxReadDepth) || !ResemblesTemplate(Path.GetFileName(file))) continue;
            var suggestion = hasExtension
                ? "The folder is too deep: only a template set's folder and a platform folder inside it are read."
                : $"The name of a template ends with {Extension}.";
            yield return FindingCode.IgnoredFile.At(Path.Combine(folder, name), "The file is ignored.", suggestion);
        }
    }

    private static bool ResemblesTemplate(string name) =>
        name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
        || (WrongExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
            && (name.Contains(Extension + ".", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith('_')
                || KnownNames.Any(known => name.StartsWith(known + ".", StringComparison.OrdinalIgnoreCase))));
}
