using System.Diagnostics;

namespace DefectNotifier.Testing.Databases;

/// <summary>A temporary folder of the user that runs the servers. It is deleted when disposed, and at the end of this process.</summary>
internal sealed class ServerFolder : IAsyncDisposable
{
    // The shell's standard input ends when this process does. A killed PostgreSQL leaves a segment of System V shared memory, whose id is
    // the last word of the seventh line of its file, and its other processes can still write for a moment.
    private const string DeleteAtEnd = """
        trap '' HUP INT TERM
        read -r line
        memory=$(sed -n '7s/.* //p' "$0/data/postmaster.pid" 2> /dev/null) && ipcrm -m "$memory" 2> /dev/null
        for try in 1 2 3 4 5; do rm -rf "$0" 2> /dev/null && exit; sleep 1; done
        rm -rf "$0"
        """;

    private readonly Process _deleting;

    private ServerFolder(string path)
    {
        Path = path;
        _deleting = Process.Start(new ProcessStartInfo("sh", ["-c", DeleteAtEnd, path])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = System.IO.Path.GetTempPath(),
        })!;
    }

    public string Path { get; }

    public static async Task<ServerFolder> CreateAsync(string prefix)
    {
        var folder = new ServerFolder(Directory.CreateTempSubdirectory(prefix).FullName);
        await DatabaseProgram.HandOverAsync(folder.Path);
        return folder;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public async ValueTask DisposeAsync()
    {
        _deleting.StandardInput.Close();
        await _deleting.WaitForExitAsync();
        _deleting.Dispose();
    }
}
