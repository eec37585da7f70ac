using System.Net;
using System.Text.Json.Nodes;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests;

/// <summary>The console's pages and its login, as a browser uses them.</summary>
public sealed class ConsoleTests
{
    private const string Public = "https://console.example.com";
    private const string Anna = TestSecrets.Operations + "Anna";

    [Fact]
    public async Task Pages_WithoutALogin_AreServedWithTheirHeaders()
    {
        await using var admin = await OpenAsync();
        using var browser = new Browser(admin.Worker.Operations.Address);

        using var page = await browser.SendAsync("GET", "/console/events/1?destination=web");
        using var data = await browser.SendAsync("GET", "/health/ready");
        using var root = await browser.SendAsync("GET", "/");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal("/console/", root.Headers.Location!.OriginalString);
        Assert.Equal("no-store", data.Headers.CacheControl!.ToString());
        foreach (var response in (HttpResponseMessage[])[page, data, root])
        {
            string Header(string name) => Assert.Single(response.Headers.GetValues(name));
            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
                + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
                Header("Content-Security-Policy"));
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
            Assert.Contains("camera=()", Header("Permissions-Policy"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Login_OfANamedOperator_ActsUnderThatNameUntilTheLogout()
    {
        await using var admin = await OpenAsync();
        using var browser = new Browser(admin.Worker.Operations.Address);
        var retry = $"/deliveries/{admin.Dead}/retry?rendered=true";

        Assert.True((bool)(await browser.JsonAsync("GET", "/console/session"))["isLoginNeeded"]!);
        Assert.Equal(401, await browser.StatusAsync("POST", retry));
        var session = await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = Anna });
        Assert.Equal(("anna", "read,act"), ((string?)session["name"], string.Join(',', session["may"]!.AsArray())));
        Assert.True((DateTimeOffset?)session["expiresAt"] > TimeProvider.System.GetUtcNow().AddHours(11));
        Assert.Null(session["warning"]);
        var cookie = browser.LastCookie;
        Assert.StartsWith($"dn-{admin.Worker.Operations.Address.Port}=", cookie, StringComparison.Ordinal);
        foreach (var part in (string[])["path=/", "samesite=strict", "httponly"])
            Assert.Contains(part, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", cookie, StringComparison.Ordinal);

        Assert.Equal(403, await browser.StatusAsync("POST", "/reload"));
        Assert.Equal(200, await browser.StatusAsync("POST", retry));
        Assert.Equal("anna", (string?)(await browser.JsonAsync("GET", $"/deliveries/{admin.Dead}"))["actions"]![0]!["by"]);
        await admin.Worker.Output.SaysAsync($"Operator anna retried delivery {admin.Dead}");
        var (_, why, _) = await admin.RunAsync("why", admin.DeadEvent);
        Assert.Contains("retry with the stored message, by anna", why, StringComparison.Ordinal);

        Assert.Equal(204, await browser.StatusAsync("DELETE", "/console/session"));
        Assert.Equal(401, await browser.StatusAsync("GET", "/deliveries"));
        TestSecrets.AreNotIn(admin.Worker.Output.All, "The log");
    }

    [Fact]
    public async Task Login_SecretIsRemovedByAReload_Ends()
    {
        await using var admin = await OpenAsync();
        using var browser = new Browser(admin.Worker.Operations.Address);
        await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = Anna });
        Assert.Equal(200, await browser.StatusAsync("GET", "/deliveries"));

        admin.Settings.Set("Operations:Access", new JsonArray());
        admin.Settings.Write();

        await Eventually.HoldsAsync(async () => await browser.StatusAsync("GET", "/deliveries") == 401, () => "The login did not end");
        Assert.True((bool)(await browser.JsonAsync("GET", "/console/session"))["isLoginNeeded"]!);
    }

    [Fact]
    public async Task Login_AfterFiveWrongSecrets_OnlyMoreWrongOnesHaveToWait()
    {
        await using var admin = await OpenAsync();
        using var browser = new Browser(admin.Worker.Operations.Address);
        var wrong = new JsonObject { ["secret"] = Anna + "x" };

        for (var count = 0; count < 5; count++) Assert.Equal(401, await browser.StatusAsync("POST", "/console/session", wrong));
        using var response = await browser.SendAsync("POST", "/console/session", wrong);

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Equal(200, await browser.StatusAsync("POST", "/console/session", new JsonObject { ["secret"] = Anna }));
        Assert.Equal(0, (await admin.RunAsync("list")).ExitCode);
    }

    [Fact]
    public async Task Login_ThroughAProxyWithHttps_SetsASecureCookie()
    {
        await using var admin = await OpenAsync();
        using var browser = new Browser(admin.Worker.Operations.Address) { Host = "console.example.com", Origin = Public };

        await browser.JsonAsync("POST", "/console/session", new JsonObject { ["secret"] = Anna });

        Assert.StartsWith("__Host-dn=", browser.LastCookie, StringComparison.Ordinal);
        Assert.Contains("secure", browser.LastCookie, StringComparison.Ordinal);
        Assert.Equal(200, await browser.StatusAsync("GET", "/deliveries"));
        browser.Origin = "https://evil.example";
        Assert.Equal(403, await browser.StatusAsync("POST", $"/deliveries/{admin.Dead}/retry"));
        browser.Host = "evil.example";
        Assert.Equal(421, await browser.StatusAsync("GET", "/deliveries"));
    }

    [Fact]
    public async Task Console_SwitchedOff_IsNotFound()
    {
        await using var admin = await AdminScene.OpenAsync(settings => settings.Set("Console:Enabled", false));
        using var browser = new Browser(admin.Worker.Operations.Address);

        foreach (var path in (string[])["/", "/console/", "/console/assets/js/app.js", "/console/session"])
            Assert.Equal(404, await browser.StatusAsync("GET", path));
        Assert.Equal(404, await browser.StatusAsync("POST", "/console/session", []));
        Assert.Equal(200, await browser.StatusAsync("GET", "/deliveries"));
    }

    private static Task<AdminScene> OpenAsync() => AdminScene.OpenAsync(settings => settings
        .Set("Operations:Secrets:0", TestSecrets.Operations)
        .Set("Operations:PublicUrl", Public)
        .Set("Operations:Access", new JsonArray(new JsonObject
        {
            ["Name"] = "anna",
            ["Secret"] = Anna,
            ["May"] = new JsonArray("read", "act"),
        })));
}
