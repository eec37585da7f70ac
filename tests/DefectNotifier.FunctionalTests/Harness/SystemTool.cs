using System.ComponentModel;
using System.Diagnostics;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Runs a program of the system, such as promtool. Where it is not installed the test is skipped.</summary>
internal static class SystemTool
{
    public static async Task SucceedsAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var token = TestContext.Current.CancellationToken;
            var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(token), process.StandardError.ReadToEndAsync(token));
            await process.WaitForExitAsync(token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {string.Concat(texts)}");
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
        }
    }
}
