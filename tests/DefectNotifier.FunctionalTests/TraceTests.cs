using System.Text;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>One trace from the webhook to the chat, as a collector receives it.</summary>
public sealed class TraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task Send_WebhookHasATraceParent_IsASpanOfThatTraceEvenAfterARestart()
    {
        using var folder = new TestFolder();
        using var chat = ChatServer.Down();
        using var collector = new Collector();
        var settings = new WorkerSettings(folder).Destination("web", chat, ChatKind.SlackWebhook).Route("web")
            .Set("Telemetry:OtlpEndpoint", collector.Endpoint);
        await using (var worker = await WorkerProcess.ServeAsync(settings))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, worker.Ingress.Address);
            request.Content = new StringContent(Webhooks.Created(1));
            request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
            Assert.Equal(202, (await IngressClient.SendAsync(request)).Status);
            await worker.KillAsync();
        }

        chat.Open();
        await using var restarted = await WorkerProcess.ServeAsync(settings);
        await restarted.Operations.DrainedAsync();
        // The process exports the rest when it stops.
        restarted.Terminate();
        Assert.Equal(0, await restarted.ExitAsync(Eventually.Deadline));

        Assert.Contains(collector.Traces, export => HoldsSpan(export, "send"));
        Assert.Single(chat.PostedTo("web"));
        Assert.All(collector.Traces, export => TestSecrets.AreNotIn(export, "A span"));
    }

    // A protobuf span begins with its trace id (field 1, 16 bytes). Its ids (2 and 4), its state and its name (5) follow.
    private static bool HoldsSpan(ReadOnlySpan<byte> export, string name)
    {
        ReadOnlySpan<byte> traceId = [0x0A, 16, .. Convert.FromHexString(TraceId)];
        ReadOnlySpan<byte> field = [0x2A, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];
        for (var at = export.IndexOf(traceId); at >= 0; at = export.IndexOf(traceId))
        {
            export = export[(at + traceId.Length)..];
            if (export[..Math.Min(40, export.Length)].IndexOf(field) >= 0) return true;
        }

        return false;
    }
}
