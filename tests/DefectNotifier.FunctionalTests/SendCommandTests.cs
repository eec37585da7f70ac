using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary><c>send</c> to chats that accept the message, reject it, limit the rate or do not respond.</summary>
public sealed class SendCommandTests
{
    [Theory]
    [InlineData(ChatKind.SlackWebhook, "400 invalid_payload", "")]
    [InlineData(ChatKind.SlackBot, """200 {"ok":false,"error":"invalid_arguments"}""", "  message id: C0123456789/1767603600.000100")]
    [InlineData(ChatKind.Teams, """400 {"error":{"code":"InvalidRequestContent","message":"no"}}""", "")]
    public async Task Send_AnyChat_ReportsTheOutcomeAndNoSecret(ChatKind kind, string rejection, string reference)
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("good", chat, kind).Destination("picky", chat, kind)
            .Destination("busy", chat, kind).Route("good");
        chat.Script.Always("picky", new ChatResponse(int.Parse(rejection[..3]), rejection[4..]));
        chat.Script.Always("busy", ChatResponse.TooMany(kind, 30));
        var file = settings.Write();

        Task<(int ExitCode, WorkerOutput Output)> SendAsync(string to) =>
            WorkerCommand.RunAsync(folder.Path, "send", "--event", "defect.created", "--to", to, "--config", file);
        var ends = await Task.WhenAll(SendAsync("good"), SendAsync("picky"), SendAsync("busy"));

        Assert.Equal([0, 1, 1], ends.Select(end => end.ExitCode));
        Assert.All(ends, end => Assert.Equal("", end.Output.Error.Trim()));
        Assert.All(ends, end => TestSecrets.AreNotIn(end.Output.All, "send"));
        var platform = kind == ChatKind.Teams ? "Microsoft Teams" : "Slack";
        var (good, picky, busy) = (ends[0].Output.Standard, ends[1].Output.Standard, ends[2].Output.Standard);
        Assert.StartsWith($"good ({platform}): delivered\n", good, StringComparison.Ordinal);
        Assert.Contains(reference, good, StringComparison.Ordinal);
        Assert.StartsWith($"picky ({platform}): not delivered (invalid-message). The service would give ", picky, StringComparison.Ordinal);
        Assert.Contains("Fix the template, or the data that it fails on", picky, StringComparison.Ordinal);
        Assert.StartsWith($"busy ({platform}): not delivered (rate-limited). The service would send ", busy, StringComparison.Ordinal);
        Assert.Contains("the chat asks all senders to wait for 30 s", busy, StringComparison.Ordinal);
        var body = Assert.Single(chat.PostedTo("good")).Body;
        Assert.Contains("This is a test message, sent by an operator", body, StringComparison.Ordinal);
        Assert.Contains("Checkout total ignores the voucher", body, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("outbox.db")));
    }

    [Fact]
    public async Task Send_ChatDoesNotRespond_IsAmbiguous()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("silent", chat, ChatKind.Teams).Set("Destinations:silent:Timeout", "5s")
            .Route("silent");
        chat.Script.Always("silent", ChatResponse.Withheld);

        var (exitCode, output) = await WorkerCommand.RunAsync(
            folder.Path, "send", "--event", "defect.created", "--to", "silent", "--config", settings.Write());

        Assert.Equal(1, exitCode);
        Assert.StartsWith("silent (Microsoft Teams): perhaps delivered (timeout).", output.Standard, StringComparison.Ordinal);
        Assert.Contains("The message may have been posted: check the channel.", output.Standard, StringComparison.Ordinal);
    }
}
