using System.Diagnostics;
using System.Net.Sockets;

namespace DefectNotifier.Tests;

/// <summary>Makes what can be in the place of a file that the program reads.</summary>
internal static class SpecialFile
{
    /// <param name="kind">A word of the tests, for example <c>fifo</c>.</param>
    /// <param name="path">Where it is made.</param>
    public static void Make(string kind, string path)
    {
        switch (kind)
        {
            case "fifo":
                using (var command = Process.Start("mkfifo", [path])) command.WaitForExit();
                break;
            case "socket":
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Bind(new UnixDomainSocketEndPoint(path));
                // Not disposed, because that would delete the file.
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "file":
                File.WriteAllText(path, "text");
                break;
            case "sparse":
                using (var file = File.Create(path)) file.SetLength(1_500_000_000);
                break;
            case "loop":
                File.CreateSymbolicLink(path, Path.GetFileName(path));
                break;
            case "dangling":
                File.CreateSymbolicLink(path, "nowhere");
                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }
}
