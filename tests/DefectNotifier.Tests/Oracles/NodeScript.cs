using System.ComponentModel;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DefectNotifier.Tests.Oracles;

/// <summary>Runs a script in <c>tests/oracles</c>, with packages that <c>npm ci</c> installs there.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // Not the relaxed encoder: every character that is not ASCII must survive any console and locale.
    private static readonly JsonSerializerOptions Json =
        new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = JavaScriptEncoder.Default };

    private static readonly Lock Installing = new();

    private static string Folder => Repository.PathOf("tests", "oracles");

    /// <summary>Passes the cases to the script. The test fails with the script's output, and is skipped without Node.js and npm.</summary>
    public static void Check<T>(string script, IEnumerable<T> cases)
    {
        Install();
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, cases.Select(each => JsonSerializer.Serialize(each, Json)));
            var (exitCode, output) = Run("node", script, file);
            Assert.True(exitCode == 0, output);
            TestContext.Current.TestOutputHelper?.WriteLine(output);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Install()
    {
        lock (Installing)
        {
            // npm writes this file last.
            var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
            var wanted = new FileInfo(Path.Combine(Folder, "package-lock.json"));
            if (installed.Exists && installed.LastWriteTimeUtc >= wanted.LastWriteTimeUtc) return;
            var (exitCode, output) = Run("npm", "ci");
            if (exitCode == 0) return;
            // Only CI is known to have a registry.
            if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(output);
            Assert.Skip("npm ci failed: " + output);
        }
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var texts = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(Limit))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {Limit}.");
            }

            return (process.ExitCode, string.Concat(texts.GetAwaiter().GetResult()));
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }
}
