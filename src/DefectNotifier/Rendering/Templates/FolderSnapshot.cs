using DefectNotifier.Files;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The template folder cannot be read as a whole. The message is a sentence for operators.</summary>
public sealed class TemplateFolderException(string path, string problem) : Exception($"The template folder '{path}' {problem}");

/// <summary>
/// The files of a template folder at one moment, with the folders of sets and platforms in it. Only regular files inside the folder are
/// read, so that no link in it can publish another file. A folder that cannot be read is an error and not an empty folder: otherwise a
/// lost mount would remove all templates.
/// </summary>
internal sealed class FolderSnapshot
{
    /// <summary>Many times the size of a message.</summary>
    private const int MaxFileBytes = 64 * 1024;

    /// <summary>A parsed template takes up to 300 times the memory of its text.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Enough for a hundred template sets.</summary>
    private const int MaxFiles = 1_000;

    /// <summary>Other files in the folder are only listed.</summary>
    private const int MaxEntries = 10_000;

    /// <summary>A set's folder, and a platform's folder in it.</summary>
    private const int MaxDepth = 2;

    private const string CheckAccess = "Check its permissions, and whether its file system is mounted.";

    // Hidden files are skipped: a config map keeps its versions in hidden folders.
    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false };

    private readonly string _path;
    private readonly List<TemplateSource> _sources = [];

    // The folders that were listed, by relative name, with the number of templates in each; "" is the folder itself.
    private readonly Dictionary<string, ((ulong Device, ulong Inode) Identity, int Templates)> _folders = new(StringComparer.Ordinal);
    private string _root = "";
    private int _entries;
    private long _bytes;

    private FolderSnapshot(string path) => _path = path;

    /// <summary>All templates, also those that cannot be read, in no particular order.</summary>
    public IReadOnlyList<TemplateSource> Sources => _sources;

    /// <param name="path">The folder.</param>
    /// <param name="before">What was read before; null: nothing. A folder that existed before must still exist.</param>
    /// <exception cref="TemplateFolderException">The folder cannot be read, or it exceeds a limit.</exception>
    public static FolderSnapshot Read(string path, FolderSnapshot? before = null)
    {
        var folder = new FolderSnapshot(path);
        if (before?._path != path) before = null;
        try
        {
            using var target = FileTarget.Of(path);
            if (target.Kind != FileKind.Folder) throw folder.Problem("is not a folder.");
            folder._root = target.RealPath;
            folder.ReadFolder(target, "", depth: 0);
        }
        catch (FileNotFoundException) when (before is not { _folders.Count: > 0 })
        {
            // The default folder may be missing: then only the shipped templates are used.
            return folder;
        }
        catch (IOException error)
        {
            throw folder.Problem($"{error.Message}. {CheckAccess}");
        }

        if (before is not null) folder.CheckMounts(before);
        return folder;
    }

    // Deleting the last template is not an error. When a mount is lost, another, empty folder appears in its place.
    private void CheckMounts(FolderSnapshot before)
    {
        foreach (var (name, (identity, templates)) in before._folders)
        {
            if (templates == 0 || !_folders.TryGetValue(name, out var now) || now.Templates > 0 || now.Identity == identity) continue;
            var which = name.Length == 0 ? "is" : $"contains '{name.TrimEnd('/')}', which is";
            throw Problem($"{which} another folder than before, and empty. {CheckAccess}");
        }
    }

    private void ReadFolder(FileTarget folder, string prefix, int depth)
    {
        var before = _sources.Count;
        try
        {
            foreach (var entry in new DirectoryInfo(folder.RealPath).EnumerateFileSystemInfos("*", Everything))
            {
                if (++_entries > MaxEntries) throw Problem($"contains more than {MaxEntries} files and folders.");
                if (entry.Name.EndsWith(TemplateFiles.Extension, StringComparison.Ordinal)) ReadFile(entry.FullName, prefix + entry.Name);
                else if (depth < MaxDepth && (entry is DirectoryInfo || entry.LinkTarget is not null))
                    ReadSubfolder(entry, prefix + entry.Name, depth + 1);
            }
        }
        // A folder that cannot be a set, such as lost+found, may belong to someone else.
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (depth > 0 && !TemplateSource.IsSetName(Path.GetFileName(folder.RealPath))) return;
            throw Problem($"can't be listed: {error.Message} {CheckAccess}");
        }

        _folders[prefix] = (folder.Identity, _sources.Count - before);
    }

    private void ReadSubfolder(FileSystemInfo entry, string name, int depth)
    {
        FileTarget target;
        try
        {
            target = FileTarget.Of(entry.FullName);
        }
        catch (IOException error)
        {
            if (!TemplateSource.IsSetName(entry.Name)) return;
            throw Problem($"contains the link '{name}', whose target {error.Message}. {CheckAccess}");
        }

        using (target)
        {
            // A link to the whole folder adds nothing.
            if (target.Kind != FileKind.Folder || target.RealPath == _root) return;
            if (!IsInside(target))
                throw Problem($"contains the link '{name}', which leads out of it, to '{target.RealPath}'. Remove the link.");
            ReadFolder(target, name + "/", depth);
        }
    }

    private void ReadFile(string path, string name)
    {
        if (_sources.Count == MaxFiles) throw Problem($"contains more than {MaxFiles} templates.");
        try
        {
            using var target = FileTarget.Of(path);
            if (!IsInside(target)) throw new IOException($"leads out of the template folder, to '{target.RealPath}'");
            var bytes = target.Read(MaxFileBytes);
            _bytes += bytes.Length;
            if (_bytes > MaxBytes) throw Problem($"contains more than {MaxBytes / 1024} kB of templates.");
            _sources.Add(new TemplateSource(name, RegularFile.TextOf(bytes)));
        }
        catch (IOException error)
        {
            _sources.Add(new TemplateSource(name, text: null) { ReadError = $"The file {error.Message}." });
        }
    }

    private bool IsInside(FileTarget target) =>
        target.RealPath.StartsWith(Path.TrimEndingDirectorySeparator(_root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private TemplateFolderException Problem(string problem) => new(_path, problem);
}
