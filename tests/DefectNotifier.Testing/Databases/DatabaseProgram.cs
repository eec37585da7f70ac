using System.Diagnostics;

namespace DefectNotifier.Testing.Databases;

/// <summary>
/// The programs of PostgreSQL and PgBouncer, which refuse to run as root: root runs them as the user "nobody", who owns no other file.
/// </summary>
internal static class DatabaseProgram
{
    private const string Nobody = "65534";

    private static readonly string? SetPriv = Find("setpriv");

    /// <summary>Why no program can be run here; null: they can.</summary>
    public static string? SkipReason =>
        SetPriv is null ? "setpriv of util-linux, which starts the database servers, is not installed." : null;

    private static string[] AsOtherUser =>
        Environment.IsPrivilegedProcess ? [$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : [];

    /// <summary>The file that PATH or one of the folders has, without symbolic links; null: none.</summary>
    public static string? Find(string name, params IEnumerable<string> folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(folders).Select(folder => new FileInfo(Path.Combine(folder, name)))
            .Select(file => file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true))
            .FirstOrDefault(file => file is { Exists: true })?.FullName;

    /// <summary>Gives a folder to the user that runs the programs.</summary>
    public static async Task HandOverAsync(string folder)
    {
        if (Environment.IsPrivilegedProcess) await RunAsync(new ProcessStartInfo("chown", [$"{Nobody}:{Nobody}", folder]));
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">The program failed; the message has its output.</exception>
    public static Task RunAsync(string folder, string program, params IEnumerable<string> arguments) =>
        RunAsync(new ProcessStartInfo(SetPriv!, [.. AsOtherUser, program, .. arguments]) { WorkingDirectory = folder });

    /// <summary>Starts a server whose output goes to the log. The kernel kills it when the thread that calls this ends.</summary>
    public static Process Start(string folder, string log, string program, params IEnumerable<string> arguments)
    {
        // The shell and setpriv are replaced by the server: the process is the server itself.
        string[] command = ["-c", "exec \"$@\" >> \"$0\" 2>&1 < /dev/null", log, SetPriv!, "--pdeathsig", "KILL", .. AsOtherUser, program];
        return Process.Start(new ProcessStartInfo("sh", [.. command, .. arguments]) { WorkingDirectory = folder })!;
    }

    /// <summary>Sends a signal, such as QUIT.</summary>
    public static Task SignalAsync(Process process, string signal) =>
        RunAsync(new ProcessStartInfo("kill", [$"-{signal}", process.Id.ToString()]));

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed: {string.Concat(texts)}");
    }
}
