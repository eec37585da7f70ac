using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DefectNotifier.Files;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    Regular,
    Folder,

    /// <summary>A FIFO, a socket or a device: opening it may block or start something.</summary>
    Special,
}

/// <summary>
/// What a path leads to; symbolic links are followed. It is held without being opened, so that no FIFO blocks, no device starts, and what
/// was checked is what is read, even when the path leads to something else in the meantime. Outside Linux everything that is not a
/// folder counts as a regular file, and it is opened by its path.
/// </summary>
internal sealed class FileTarget : IDisposable
{
    // From <fcntl.h> and <sys/stat.h> of Linux; they are the same on all processors that .NET supports.
    private const int OpenPathOnly = 0x20_0000;
    private const int OpenCloseOnExec = 0x8_0000;
    private const int StatusOfHandle = 0x1000;
    private const uint BasicStatus = 0x7FF;
    private const int KindMask = 0xF000;
    private const int KindFolder = 0x4000;
    private const int KindRegular = 0x8000;
    private const int ErrorNoEntry = 2;
    private const int ErrorAccess = 13;
    private const int ErrorNotFolder = 20;

    private readonly SafeFileHandle? _handle;
    private readonly string _readPath;
    private readonly uint _owner;

    private FileTarget(string path)
    {
        var link = File.ResolveLinkTarget(path, returnFinalTarget: true);
        RealPath = _readPath = Path.GetFullPath(link?.FullName ?? path);
        if (!Path.Exists(RealPath)) throw new FileNotFoundException("does not exist");
        Kind = Directory.Exists(RealPath) ? FileKind.Folder : FileKind.Regular;
        Length = Kind == FileKind.Regular ? new FileInfo(RealPath).Length : 0;
    }

    private FileTarget(SafeFileHandle handle, Status status)
    {
        _handle = handle;
        _readPath = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        RealPath = new FileInfo(_readPath).LinkTarget ?? throw new IOException("can't be found in /proc, which must be mounted");
        Length = (long)status.Size;
        _owner = status.Owner;
        Identity = (((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode);
        Kind = (status.Mode & KindMask) switch
        {
            KindRegular => FileKind.Regular,
            KindFolder => FileKind.Folder,
            _ => FileKind.Special,
        };
    }

    public FileKind Kind { get; }

    /// <summary>In bytes; 0 for everything but a regular file.</summary>
    public long Length { get; }

    /// <summary>The full path without symbolic links.</summary>
    public string RealPath { get; }

    /// <summary>Device and inode; zeros outside Linux.</summary>
    public (ulong Device, ulong Inode) Identity { get; }

    /// <exception cref="FileNotFoundException">The path does not exist. The message continues a sentence about the path.</exception>
    /// <exception cref="IOException">The path cannot be followed. The message continues a sentence about the path.</exception>
    public static FileTarget Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return new FileTarget(path);
        var descriptor = Open(Terminated(path), OpenPathOnly | OpenCloseOnExec);
        if (descriptor < 0) throw ErrorOf(Marshal.GetLastPInvokeError());
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (ReadStatus(descriptor, Terminated(""), StatusOfHandle, BasicStatus, out var status) != 0)
                throw ErrorOf(Marshal.GetLastPInvokeError());
            return new FileTarget(handle, status);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">
    /// It is not a regular file, it is too large, or it cannot be read. The message continues a sentence about the file.
    /// </exception>
    public byte[] Read(int maxBytes)
    {
        if (Kind != FileKind.Regular)
            throw new IOException(Kind == FileKind.Folder ? "is a folder" : "is not a regular file but a FIFO, a socket or a device");
        if (Length > maxBytes) throw new IOException($"is larger than {maxBytes / 1024} kB");
        try
        {
            using var file = File.OpenHandle(_readPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Length];
            var count = 0;
            for (int read; (read = RandomAccess.Read(file, bytes.AsSpan(count), count)) > 0;) count += read;
            // A file that is written at this moment may have become shorter.
            return bytes[..count];
        }
        catch (UnauthorizedAccessException error)
        {
            throw new FileDeniedException($"can't be read: Permission denied{OwnerNote()}", error);
        }
    }

    public void Dispose() => _handle?.Dispose();

    // The usual cause in a container: it runs as another user than the one who wrote the file.
    private string OwnerNote() => _handle is null ? "" : $" (it belongs to user id {_owner}, and this process runs as user id {UserId()})";

    private static IOException ErrorOf(int error) => error switch
    {
        ErrorNoEntry or ErrorNotFolder => new FileNotFoundException("does not exist"),
        ErrorAccess => new FileDeniedException($"can't be opened: Permission denied (this process runs as user id {UserId()})"),
        _ => new IOException($"can't be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
    };

    private static byte[] Terminated(string path) => [.. Encoding.UTF8.GetBytes(path), 0];

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint UserId();

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadStatus(int descriptor, byte[] path, int flags, uint mask, out Status status);

    /// <summary>The part of <c>struct statx</c> that is used; the structure is the same on all processors.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(28)]
        public ushort Mode;

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
