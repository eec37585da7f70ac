using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Destinations that can't work with the settings that they have.</summary>
public sealed class ParkedDestinationTests
{
    private static readonly (ChatKind Kind, ChatResponse Response, string Reason)[] Broken =
    [
        (ChatKind.SlackWebhook, new ChatResponse(404, "no_service"), "hook-gone"),
        (ChatKind.SlackBot, new ChatResponse(200, """{"ok":false,"error":"token_revoked"}"""), "bad-credentials"),
        (
            ChatKind.Teams,
            new ChatResponse(400, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"The flow is off."}}"""),
            "flow-disabled"),
    ];

    [Fact]
    public async Task Send_DestinationIsGone_ParksOnlyItsLaneUntilItsSettingsAreFixed()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Start();
        var settings = new WorkerSettings(folder).Destination("healthy", chat, ChatKind.SlackWebhook);
        foreach (var (kind, response, _) in Broken)
        {
            chat.Script.Always($"{kind}", response);
            settings.Destination($"{kind}", chat, kind).Route($"{kind}", $"{kind}");
        }

        settings.Route("healthy");
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            foreach (var (kind, _, reason) in Broken)
            {
                var reply = await worker.Ingress.PostAsync(Webhooks.Created(1, $"{kind}"));
                await worker.Operations.LaneIsAsync($"{kind}", "parked", reason);
                await worker.Ingress.AcceptsAsync([2, 3], $"{kind}");
                Assert.Equal(3, (int)(await worker.Operations.LaneAsync($"{kind}"))["waiting"]!);
                Assert.Equal("pending", (string?)(await worker.Operations.DeliveryAsync(reply.Id!, $"{kind}"))["state"]);
                await worker.Output.SaysAsync($"{kind} is parked ({reason}");
                await worker.Output.SaysAsync("it is tried again every 15 min and when its settings change");
            }

            await worker.Ingress.AcceptsAsync(Enumerable.Range(11, 5));
            await chat.PostedAsync("healthy", 5);
            var (status, ready) = await worker.Operations.GetAsync("/health/ready");
            Assert.Equal(200, status);
            Assert.Contains("\"degraded\"", ready, StringComparison.Ordinal);
            Assert.All(Broken, broken => Assert.Single(chat.CallsTo($"{broken.Kind}")));
            await worker.KillAsync();
        }

        foreach (var (kind, _, _) in Broken)
        {
            chat.Script.Recover($"{kind}");
            if (kind == ChatKind.SlackBot) settings.Set($"Destinations:{kind}:Token", "xoxb-3333333333-fixed");
            else settings.Set($"Destinations:{kind}:Url", chat.AddressOf($"{kind}", kind) + "Fixed");
        }

        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();

        foreach (var (kind, _, _) in Broken)
        {
            Assert.Equal([1, 2, 3], chat.PostedTo($"{kind}").Select(call => call.Marker));
            await restarted.Operations.LaneIsAsync($"{kind}", "running");
        }

        Assert.Equal([11, 12, 13, 14, 15], chat.PostedTo("healthy").Select(call => call.Marker));
    }
}
