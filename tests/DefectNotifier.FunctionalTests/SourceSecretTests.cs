using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>Secrets of single sources, from the file and from variables, also changed while the service runs.</summary>
public sealed class SourceSecretTests : IDisposable
{
    private const string OfA = "ingressSecretOfA5c71f09e";
    private const string NextOfA = "ingressSecretOfA8d2e64b0";
    private const string OfB = "ingressSecretOfB3f9a27c1";

    private readonly TestFolder _folder = new();
    private readonly ChatServer _chat = ChatServer.Start();

    public void Dispose()
    {
        _chat.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Post_SecretOfAnotherSource_IsRefusedAlsoAfterAReload()
    {
        var settings = Settings().Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress))
            .Set("Ingress:Sources", new JsonObject { ["A"] = Secrets(OfA), ["b"] = Secrets(OfB) });
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await AcceptsAsync(worker, ("A", OfA), ("a", OfA), ("b", OfB), ("B", OfB), ("%41", OfA), ("C", TestSecrets.Ingress));
        await AcceptsAsync(worker, (null, TestSecrets.Ingress));
        (string? Source, string? Secret)[] refused =
        [
            ("A", OfB), ("b", OfA), ("A", TestSecrets.Ingress), ("C", OfA), (null, OfA), ("A/", OfB), ("A", null), ("A", ""),
            ("A", $"{OfB}, {OfA}"), ("%62", OfA),
        ];
        foreach (var (source, secret) in refused)
            (await worker.Ingress.PostAsync(Webhooks.Created(99), source, secret)).IsProblem(401, "wrong-secret");

        settings.Set("Ingress:Sources:A", Secrets(NextOfA)).Set("Ingress:Sources:C", Secrets(OfA)).Write();
        await worker.ReloadAsync("Ingress changed");

        await AcceptsAsync(worker, ("A", NextOfA), ("C", OfA), ("D", TestSecrets.Ingress));
        foreach (var (source, secret) in ((string, string)[])[("A", OfA), ("C", TestSecrets.Ingress), ("C", NextOfA), ("D", OfA)])
            (await worker.Ingress.PostAsync(Webhooks.Created(99), source, secret)).IsProblem(401, "wrong-secret");
        TestSecrets.AreNotIn(worker.Output.All, "The output");
    }

    // The file has two secrets; the variable has the first entry of the list.
    [Fact]
    public async Task Post_SecretsFromVariables_ReplaceThoseOfTheFile()
    {
        var settings = Settings().Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress, TestSecrets.NextIngress))
            .Set("Ingress:Sources", new JsonObject { ["A"] = new JsonObject { ["Secrets"] = new JsonArray(OfA, NextOfA) } });
        settings.Environment["Ingress__Secrets__0"] = OfB;
        settings.Environment["Ingress__Sources__A__Secrets"] = $"""["{NextOfA}"]""";
        settings.Environment["Routes__0__ProjectCodes__0"] = "WEB";
        settings.Set("Routes:0:ProjectCodes", new JsonArray("OLD", "OLDER"));
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await AcceptsAsync(worker, (null, OfB), ("A", NextOfA));
        foreach (var (source, secret) in ((string?, string)[])
        [
            (null, TestSecrets.Ingress), (null, TestSecrets.NextIngress), ("A", OfA), ("A", $"""["{NextOfA}"]"""),
        ])
        {
            (await worker.Ingress.PostAsync(Webhooks.Created(99), source, secret)).IsProblem(401, "wrong-secret");
        }

        Assert.Equal("unrouted", (await worker.Ingress.PostAsync(Webhooks.Created(98, "OLDER"), secret: OfB)).EventStatus);
    }

    [Fact]
    public async Task Serve_SecretsThatAreNone_DoesNotStartAndShowsNone()
    {
        var settings = Settings().Set("Ingress:Secrets", new JsonArray("${QASE_SECRET}", TestSecrets.Ingress))
            .Set("Ingress:Sources", new JsonObject { ["A"] = Secrets("ingressSecretA") }).Set("Operations:Secrets", "operationsSecret");
        settings.Environment["Operations__Secrets"] = """["operationsSecret""";

        var (exitCode, output) = await WorkerProcess.RunAsync(_folder.Path, settings.Environment, "serve", "--config", settings.Write());

        Assert.Equal(2, exitCode);
        foreach (var line in (string[])
        [
            "Operations:Secrets: starts with '[' but is not a list of texts in JSON",
            "Ingress:Secrets: entry 1 is a placeholder that was not replaced",
            "Ingress:Sources:A:Secrets: has fewer than 16 characters",
        ])
        {
            Assert.Contains(line, output.Error, StringComparison.Ordinal);
        }

        TestSecrets.AreNotIn(output.All, "The output");
        Assert.DoesNotContain("QASE_SECRET", output.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_WeakSecretAndOnlyASandbox_StartsWithAWarning()
    {
        var settings = new WorkerSettings(_folder).Set("Destinations:lobby", new JsonObject { ["Type"] = "sandbox" }).Route("lobby")
            .Set("Ingress:Secrets", new JsonArray("change-me"));
        await using var worker = await WorkerProcess.ServeAsync(settings);

        await AcceptsAsync(worker, (null, "change-me"));

        await worker.Output.SaysAsync("Ingress:Secrets: Is an example value.");
    }

    [Fact]
    public async Task Reload_SecretsInTheWrongPlaces_AreShownNowhere()
    {
        var settings = Settings().Set("Ingress:Secrets", new JsonArray(TestSecrets.Ingress));
        await using var worker = await WorkerProcess.ServeAsync(settings);

        settings.Set("Routes:0:To", new JsonArray(_chat.AddressOf("web", ChatKind.SlackWebhook), TestSecrets.Token + "x"))
            .Set("Destinations:other", new JsonObject { ["Type"] = _chat.AddressOf("web", ChatKind.Teams) })
            .Set($"Destinations:{TestSecrets.Token}", new JsonObject { ["Type"] = "sandbox" }).Write();
        var reply = await worker.Operations.PostAsync("/reload");

        reply.IsProblem(409, "configuration-rejected");
        foreach (var path in (string[])["Routes:0:To:0", "Routes:0:To:1", "Destinations:other:Type", "Destinations:[secret]"])
            Assert.Contains(path, reply.Body, StringComparison.Ordinal);
        TestSecrets.AreNotIn(reply.Body, "The response");
        TestSecrets.AreNotIn((await worker.Operations.GetAsync("/health/ready")).Body, "The readiness");
        await worker.Output.SaysAsync("was rejected as a whole");
        TestSecrets.AreNotIn(worker.Output.All, "The output");
    }

    private WorkerSettings Settings() => new WorkerSettings(_folder).Destination("web", _chat, ChatKind.SlackWebhook).Route("web");

    private static JsonObject Secrets(string secret) => new() { ["Secrets"] = new JsonArray(secret) };

    private static async Task AcceptsAsync(WorkerProcess worker, params (string? Source, string? Secret)[] webhooks)
    {
        foreach (var (source, secret) in webhooks)
            Assert.Equal(202, (await worker.Ingress.PostAsync(Webhooks.Created(1), source, secret)).Status);
    }
}
