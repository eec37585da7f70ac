using System.Diagnostics;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>
/// A small file system in memory that a test can fill. It needs Linux and the right to mount; otherwise the test is skipped.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("disk-");

    public static SmallDisk MountOrSkip(string options)
    {
        var disk = new SmallDisk();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk._folder.FullName)) return disk;
        disk._folder.Delete();
        Assert.Skip("Mounting a small file system needs Linux and root.");
        return disk;
    }

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file that uses all free space except the given number of bytes.</summary>
    public void Fill(string name, int spare = 0)
    {
        using var filler = System.IO.File.Create(File(name), bufferSize: 1);
        var block = new byte[4096];
        try
        {
            while (true)
                filler.Write(block);
        }
        catch (IOException)
        {
            // The disk is full, as intended.
        }

        filler.SetLength(filler.Length - spare);
    }

    public void Dispose()
    {
        Run("umount", _folder.FullName);
        _folder.Delete();
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
