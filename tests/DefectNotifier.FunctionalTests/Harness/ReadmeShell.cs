using System.Text.RegularExpressions;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Runs a command line of the documents as a shell in the service's folder would. The worker is the built one, and curl is a client of the
/// running service.
/// </summary>
internal sealed partial class ReadmeShell(WorkerSettings settings, WorkerProcess worker)
{
    /// <summary>The exit code (for curl 0 when the response is a success) and the output.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string line)
    {
        var words = Word().Matches(line).Select(match => Quoted().Replace(match.Value, "${single}${double}")).ToList();
        if (words is ["kill", "-HUP", "PID"])
        {
            worker.HangUp();
            return (0, "");
        }

        if (words[0] == "curl") return await CurlAsync(words[1..]);
        if (words[0] == "defect-notifier") words.RemoveAt(0);
        Assert.True(words[0] == "outbox", $"This test can't run this command: {line}");

        // In the folder of the service its settings are in appsettings.json.
        File.Copy(settings.Write(), Path.Combine(settings.Folder, "appsettings.json"), overwrite: true);
        var (exitCode, output) = await WorkerProcess.RunAsync(settings.Folder, [.. words]);
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
            else Assert.Fail($"This test does not know this argument of curl: {words[i]}");
        }

        const string Webhooks = "http://127.0.0.1:8080/webhooks/qase";
        if (url == Webhooks)
        {
            Assert.Equal("X-Qase-Secret: $QASE_SECRET", header);
            var response = await worker.Ingress.PostAsync(body!, secret: TestSecrets.Ingress);
            return (response.Status == 202 ? 0 : 22, response.Body);
        }

        // Without this header curl sends a form.
        Assert.Equal(body is null ? null : "Content-Type: application/json", header);
        const string Default = "http://127.0.0.1:8081";
        Assert.StartsWith(Default + "/", url, StringComparison.Ordinal);
        var reply = await worker.Operations.SendAsync(method ?? "GET", url![Default.Length..], body);
        return (reply.Status is >= 200 and <= 299 ? 0 : 22, reply.Body);
    }

    [GeneratedRegex("""('[^']*'|"[^"]*"|[^ '"])+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("""'(?<single>[^']*)'|"(?<double>[^"]*)["]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
