namespace DefectNotifier.Files;

/// <summary>A folder that only its owner can read.</summary>
public static class PrivateFolder
{
    /// <summary>Creates the folder and those above it. Existing ones are not changed.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
