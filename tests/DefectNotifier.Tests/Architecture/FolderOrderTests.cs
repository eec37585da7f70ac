using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DefectNotifier.Tests.Architecture;

/// <summary>The order of the folders: a folder uses only types of folders before it, a project only the projects that it may.</summary>
public sealed partial class FolderOrderTests
{
    // A folder's subfolders come before the folder itself, whose own files use them.
    private static readonly string[] Order =
    [
        .. In("DefectNotifier", "Files", "Telemetry", "Events", "Routing"),
        .. In("DefectNotifier", "Outbox/Contract", "Outbox/Rules", "Outbox/Intake", "Outbox/Retention", "Enrichment"),
        .. In("DefectNotifier/Rendering", "Values", "Document", "Markdown", "Templates", "JsonTemplates", ""),
        .. In("DefectNotifier/Delivery", "Outcomes", "RateLimits", "Sending", "Threads", "Digests", "Notices", "Lanes"),
        .. In("DefectNotifier.Sql", "Database", "Reading", "Writing", ""),
        .. In("DefectNotifier.Sqlite", "Schema", "Database", "Writing", ""),
        .. In("DefectNotifier.Postgres", "Schema", "Database", "News", "Leases", "Writing", "Sessions", "Nodes", "Moving"),
        .. In("DefectNotifier.Postgres", "Checking", ""),
        .. In("DefectNotifier.Chat", "Http", "Limits", "JsonTemplates", "TextViews"),
        .. In("DefectNotifier.Chat/Slack", "Blocks", "Templates", "Api", "Sending", ""),
        .. In("DefectNotifier.Chat/Teams", "Cards", "Templates", "Sending", ""),
        .. In("DefectNotifier.Chat", "Sandbox", ""),
        .. In("DefectNotifier.Console", ""),
        .. In("DefectNotifier.Worker", "Terminal", "Settings", "Http", "Qase", "Linting", "Reloading", "Ingress"),
        .. In("DefectNotifier.Worker", "Operations/Access", "Operations/Status", "Operations/Live", "Operations", "Hosting"),
        .. In("DefectNotifier.Worker/Commands", "Execution", "Completion", "Previews", "Setup", "Checking", "Admin", "Replaying"),
        .. In("DefectNotifier.Worker/Commands", "Serving", ""),
        .. In("DefectNotifier.Worker", ""),
    ];

    public static TheoryData<string> Folders => [.. Order];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_ItsSources_UseOnlyFoldersBeforeIt(string folder)
    {
        var later = Order.SkipWhile(name => name != folder).Skip(1).ToHashSet(StringComparer.Ordinal);

        var uses = from source in Source.All
                   where source.Folder == folder
                   from used in source.Uses
                   where later.Contains(used)
                   select $"{source.Path} uses {used}";

        Assert.Empty(uses);
    }

    [Fact]
    public void Sources_TheirFolders_AreInTheOrder() =>
        Assert.Equal(
            Order.Order(StringComparer.Ordinal),
            Source.All.Select(source => source.Folder).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("DefectNotifier", "")]
    [InlineData("DefectNotifier.Sql", "DefectNotifier")]
    [InlineData("DefectNotifier.Sqlite", "DefectNotifier.Sql")]
    [InlineData("DefectNotifier.Postgres", "DefectNotifier.Sql")]
    [InlineData("DefectNotifier.Chat", "DefectNotifier")]
    [InlineData("DefectNotifier.Console", "")]
    [InlineData(
        "DefectNotifier.Worker",
        "DefectNotifier DefectNotifier.Chat DefectNotifier.Console DefectNotifier.Postgres DefectNotifier.Sqlite")]
    public void Project_ItsReferences_AreTheAllowedOnes(string project, string references)
    {
        var file = XDocument.Load(Repository.PathOf("src", project, project + ".csproj"));

        var found = file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string)reference.Attribute("Include")!));

        Assert.Equal(references.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Pipeline_ItsSources_KnowNeitherWebNorDatabaseNorHttpClient() =>
        Assert.Empty(FilesWith(ForeignWord(), "DefectNotifier"));

    [Fact]
    public void Worker_TheEngines_AreNamedInOneFile() =>
        Assert.Single(FilesWith(EngineWord(), "DefectNotifier.Worker"));

    private static IEnumerable<string?> FilesWith(Regex word, string project) =>
        Repository.Sources("src", project).Where(file => word.IsMatch(File.ReadAllText(file))).Select(Path.GetFileName);

    private static IEnumerable<string> In(string folder, params string[] rooms) =>
        rooms.Select(room => room.Length == 0 ? folder : $"{folder}/{room}");

    [GeneratedRegex(@"\b(Microsoft\.AspNetCore|Microsoft\.Data|System\.Net\.Http|HttpClient|Sqlite\w+)\b")]
    private static partial Regex ForeignWord();

    [GeneratedRegex(@"\b(DefectNotifier\.(Sqlite|Postgres|Sql)|(Sqlite|Postgres|Npgsql)[A-Z]\w+)\b")]
    private static partial Regex EngineWord();

    /// <summary>One file of <c>src</c>: its folder, and the folders whose types it uses.</summary>
    private sealed partial record Source(string Path, string Folder, string Text)
    {
        public static readonly IReadOnlyList<Source> All = [.. Repository.Sources("src").Select(Read)];

        private static readonly ILookup<string, string> TypesOf = All
            .SelectMany(source => TopLevelType().Matches(source.Text).Select(match => (source.Folder, Type: match.Groups["name"].Value)))
            .ToLookup(found => found.Folder, found => found.Type);

        /// <summary>
        /// A namespace is a folder, and a needless <c>using</c> fails the build, so the namespaces that a file names are the folders that
        /// it uses. Only types of the folders above it need no <c>using</c>: those are found by their names.
        /// </summary>
        public IEnumerable<string> Uses
        {
            get
            {
                var named = Using().Matches(Text).Select(match => match.Groups["name"].Value.Replace('.', '/'));
                var words = Word().Matches(Text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
                var above = Above().Where(folder => TypesOf[folder].Any(words.Contains));
                return named.Select(FolderOf).Concat(above);
            }
        }

        private static Source Read(string file)
        {
            var path = System.IO.Path.GetRelativePath(Repository.PathOf("src"), file);
            return new Source(path, System.IO.Path.GetDirectoryName(path)!, Comment().Replace(File.ReadAllText(file), ""));
        }

        // The projects' names have dots, too.
        private static string FolderOf(string name) =>
            Order.FirstOrDefault(folder => string.Equals(folder.Replace('.', '/'), name, StringComparison.Ordinal)) ?? name;

        private static string ParentOf(string folder) => System.IO.Path.GetDirectoryName(folder)!;

        private IEnumerable<string> Above()
        {
            for (var folder = ParentOf(Folder); folder.Length > 0; folder = ParentOf(folder)) yield return folder;
        }

        [GeneratedRegex(@"//[^\n]*")]
        private static partial Regex Comment();

        [GeneratedRegex(@"^using (?:static )?(?<name>DefectNotifier[\w.]*);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
        private static partial Regex Using();

        [GeneratedRegex(@"(?<![.\w])[A-Z]\w+")]
        private static partial Regex Word();

        [GeneratedRegex(
            @"^(?:(?:public|internal|file|static|abstract|sealed|partial|readonly|ref)\s+)*" +
            @"(?:class|record struct|record class|record|struct|interface|enum)\s+(?<name>\w+)",
            RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
        private static partial Regex TopLevelType();
    }
}
