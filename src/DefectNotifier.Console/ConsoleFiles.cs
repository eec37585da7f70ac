using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Console;

/// <summary>The embedded files of the console, by their path below <see cref="Folder"/>.</summary>
internal sealed class ConsoleFiles
{
    public const string Folder = "/console/assets/";

    private const string PagePath = "index.html";
    private const int VersionLength = 12;

    private readonly Dictionary<string, ConsoleFile> _files;

    public ConsoleFiles(IReadOnlyDictionary<string, byte[]> contents)
    {
        Version = VersionOf(contents);
        // Modules import each other with relative paths, so the version in the page's addresses is in the addresses of all files.
        var page = Encoding.UTF8.GetString(contents[PagePath]).Replace(Folder, $"{Folder}{Version}/", StringComparison.Ordinal);
        Page = new ConsoleFile(PagePath, Encoding.UTF8.GetBytes(page));
        _files = contents.Where(file => file.Key != PagePath)
            .ToDictionary(file => file.Key, file => new ConsoleFile(file.Key, file.Value), StringComparer.Ordinal);
    }

    /// <summary>The page that every address of the console shows.</summary>
    public ConsoleFile Page { get; }

    /// <summary>A hash of all files.</summary>
    public string Version { get; }

    public IEnumerable<string> Paths => _files.Keys;

    public static ConsoleFiles Load()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        // On Windows, the folders in a resource's name have backslashes.
        return new ConsoleFiles(assembly.GetManifestResourceNames().ToDictionary(
            name => name.Replace('\\', '/'), name => Read(assembly.GetManifestResourceStream(name)!), StringComparer.Ordinal));
    }

    /// <summary>
    /// The file at a path, with or without a version as its first folder. A page that was loaded before an update asks with the former
    /// version; it gets the present file.
    /// </summary>
    /// <param name="path">The path below <see cref="Folder"/>.</param>
    /// <param name="isImmutable">True when the path names the present version.</param>
    public ConsoleFile? Find(string path, out bool isImmutable)
    {
        isImmutable = path.StartsWith(Version + "/", StringComparison.Ordinal);
        var hasVersion = path.IndexOf('/') == VersionLength && path.Take(VersionLength).All(char.IsAsciiHexDigitLower);
        return _files.GetValueOrDefault(hasVersion ? path[(VersionLength + 1)..] : path);
    }

    private static byte[] Read(Stream stream)
    {
        using var content = new MemoryStream();
        using (stream) stream.CopyTo(content);
        return content.ToArray();
    }

    private static string VersionOf(IReadOnlyDictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in contents.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{content.Length}\n"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..VersionLength];
    }
}
