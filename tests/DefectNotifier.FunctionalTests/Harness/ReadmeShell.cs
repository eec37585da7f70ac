using System.Text.RegularExpressions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Runs a command line of the README, as a shell in the service's folder would: what stands for the worker is the built one, what stands for curl a client of the
/// running service.
/// </summary>
internal sealed partial class ReadmeShell(WorkerSettings settings, WorkerProcess worker)
{
    private static readonly string[][] WorkerNames =
    [
        ["dotnet", "run", "--project", "src/DefectNotifier.Worker", "--"],
        ["docker", "exec", "CONTAINER", "/app/DefectNotifier.Worker"],
    ];

    /// <summary>The exit code (for curl 0 when the answer is a success) and what was written.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string line)
    {
        var words = Word().Matches(line).Select(match => match.Value.Replace("'", "", StringComparison.Ordinal)).ToList();
        if (words is ["kill", "-HUP", "PID"])
        {
            worker.HangUp();
            return (0, "");
        }

        if (words[0] == "curl") return await CurlAsync(words[1..]);
        var name = WorkerNames.FirstOrDefault(name => words.Take(name.Length).SequenceEqual(name)) ?? [];
        Assert.True(name.Length > 0 || words[0] == "outbox", $"The README has a command that this test can't run: {line}");

        // Where the service is run, its settings are appsettings.json.
        File.Copy(settings.Write(), Path.Combine(settings.Folder, "appsettings.json"), overwrite: true);
        var (exitCode, output) = await WorkerProcess.RunAsync(settings.Folder, [.. words[name.Length..]]);
        return (exitCode, output.All.Trim());
    }

    private async Task<(int ExitCode, string Output)> CurlAsync(List<string> words)
    {
        string? url = null, method = null, body = null, header = null;
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "-X") method = words[++i];
            else if (words[i] == "-d") body = words[++i];
            else if (words[i] == "-H") header = words[++i];
            else if (!words[i].StartsWith('-') && url is null) url = words[i];
            else Assert.Fail($"curl in the README has a word that this test does not know: {words[i]}");
        }

        // What curl calls data by itself is a form.
        Assert.Equal(body is null ? null : "Content-Type: application/json", header);
        const string Standard = "http://127.0.0.1:8081";
        Assert.StartsWith(Standard + "/", url, StringComparison.Ordinal);
        var reply = await worker.Operations.SendAsync(method ?? "GET", url![Standard.Length..], body);
        return (reply.Status is >= 200 and <= 299 ? 0 : 22, reply.Body);
    }

    [GeneratedRegex("('[^']*'|[^ '])+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
