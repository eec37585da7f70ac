using System.Text.Json.Nodes;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>Login, roles and the end of a session.</summary>
public sealed class LoginTests(Chromium browser)
{
    private const string Anna = TestSecrets.Operations + "Anna";
    private const string Reader = TestSecrets.Operations + "Reader";

    [LongFact]
    public async Task Login_WithTheRightSecret_ShowsThePageOfTheAddress()
    {
        await using var scene = await OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var id = await ReportDeadAsync(scene);
        var page = await visitor.OpenAsync($"events/{id}?destination=dead");

        await Expect(page.Heading()).ToHaveTextAsync("Log in");
        await Expect(page.GetByLabel("Secret")).ToBeFocusedAsync();
        await LogInAsync(page, "wrong");
        await Expect(page.GetByRole(AriaRole.Alert)).Not.ToBeEmptyAsync();
        await Expect(page.Heading()).ToHaveTextAsync("Log in");
        await LogInAsync(page, Anna);

        await Expect(page.Heading()).ToHaveTextAsync("Marker 1 end");
        Assert.EndsWith($"/console/events/{id}?destination=dead", page.Url, StringComparison.Ordinal);
        await Expect(page.GetByRole(AriaRole.Contentinfo)).ToContainTextAsync("anna");
        scene.Chat.Script.Recover("dead");
        await page.Button("Retry").ClickAsync();
        await Expect(page.Verdict()).ToContainTextAsync("dead received it");
        await Expect(page.GetByRole(AriaRole.Tabpanel)).ToContainTextAsync("by anna");

        await page.Button("Log out").ClickAsync();
        await Expect(page.Heading()).ToHaveTextAsync("Log in");
        await page.ReloadAsync();
        await Expect(page.Heading()).ToHaveTextAsync("Log in");
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Login_OfAReader_DisablesButtonsAndSaysWhy()
    {
        await using var scene = await OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var id = await ReportDeadAsync(scene);
        var page = await visitor.OpenAsync("events/" + id);
        await LogInAsync(page, Reader);

        await Expect(page.Button("Retry")).ToBeDisabledAsync();
        await Expect(page.GetByRole(AriaRole.Contentinfo)).ToContainTextAsync("rita, may only read");
        await page.Button("Retry").ClickAsync(new() { Force = true });
        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Notices" })).ToContainTextAsync("rita may only read.");
        Assert.Equal("dead", (string?)(await WithSecret(scene).DeliveryAsync(id, "dead"))["state"]);
        visitor.AssertClean();
    }

    [LongFact]
    public async Task Session_EndsWithTheProcess_AndTheLoginReturnsToThePage()
    {
        await using var scene = await OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync("silences");
        await LogInAsync(page, Anna);
        await Expect(page.GetByText("There is no silence.")).ToBeVisibleAsync();

        await scene.Worker.KillAsync();
        await scene.StartAsync();
        await Expect(page.Heading()).ToHaveTextAsync("Log in");
        await LogInAsync(page, Anna);

        await Expect(page.GetByText("There is no silence.")).ToBeVisibleAsync();
        Assert.EndsWith("/console/silences", page.Url, StringComparison.Ordinal);
    }

    private static Task<Scene> OpenAsync() => Scene.OpenAsync(settings => settings.Set("Operations:Access", new JsonArray(
        new JsonObject { ["Name"] = "anna", ["Secret"] = Anna, ["May"] = new JsonArray("read", "act") },
        new JsonObject { ["Name"] = "rita", ["Secret"] = Reader, ["May"] = new JsonArray("read") })));

    private static OperationsClient WithSecret(Scene scene) => new(scene.Operations.Address) { Secret = Anna };

    private static async Task<string> ReportDeadAsync(Scene scene)
    {
        var id = (await scene.Worker.Ingress.PostAsync(Webhooks.Created(1, "DEAD"))).Id!;
        await WithSecret(scene).DeliveryIsAsync(id, "dead", "dead", scene.Chat.Ledger.ToString);
        return id;
    }

    private static async Task LogInAsync(IPage page, string secret)
    {
        await page.GetByLabel("Secret").FillAsync(secret);
        await page.Button("Log in").ClickAsync();
    }
}
