using System.Runtime.InteropServices;
using System.Text;

namespace DefectNotifier.Sqlite.Database;

/// <summary>
/// Which file a path leads to: its device and inode, which .NET does not expose. Read with <c>statx</c>, whose structure is the same on
/// every architecture and C library of Linux. Elsewhere all files that exist look the same, so what depends on this is not noticed there.
/// </summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The file in it.</param>
/// <param name="Links">The number of its names; 0: not known.</param>
/// <param name="Size">In bytes; 0: it is empty, or not known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStat(ulong Device, ulong Inode, uint Links, ulong Size)
{
    /// <summary>Relative paths start at the current folder.</summary>
    private const int CurrentFolder = -100;

    /// <summary>The link count, the inode and the size; the device is always there.</summary>
    private const uint Wanted = 0x4 | 0x100 | 0x200;

    // False after a call that the C library does not have.
    private static volatile bool _isSupported = OperatingSystem.IsLinux();

    /// <summary>Null when the path leads to no file. Symbolic links are followed.</summary>
    public static FileStat? Of(string path)
    {
        if (_isSupported)
        {
            try
            {
                var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
                Encoding.UTF8.GetBytes(path, bytes);
                if (Read(CurrentFolder, bytes, 0, Wanted, out var found) != 0) return null;
                return new FileStat(((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Inode, found.Links, found.Size);
            }
            catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
            {
                _isSupported = false;
            }
        }

        return File.Exists(path) ? default(FileStat) : null;
    }

    /// <summary>True when both are the same file, whatever its names are.</summary>
    public bool IsSameFileAs(FileStat other) => (Device, Inode) == (other.Device, other.Inode);

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Read(int folder, byte[] path, int flags, uint mask, out Fields fields);

    /// <summary>The beginning of <c>struct statx</c>, of which the kernel writes 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Fields
    {
        [FieldOffset(16)]
        public uint Links;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
