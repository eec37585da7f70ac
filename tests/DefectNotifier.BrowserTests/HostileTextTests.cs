using System.Text.Json.Nodes;
using CsCheck;
using DefectNotifier.BrowserTests.Harness;
using DefectNotifier.FunctionalTests.Harness;
using DefectNotifier.Testing;
using DefectNotifier.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace DefectNotifier.BrowserTests;

/// <summary>
/// Whatever a webhook contains is shown as text: it makes no element, attribute, request, dialog or report of the policy.
/// </summary>
public sealed class HostileTextTests(Chromium browser)
{
    /// <summary>How many events are opened one by one in a complete run.</summary>
    private const int AllCases = 40;

    // Nothing else is ever made, whatever the text.
    private const string FindForeign =
        """
        () => {
            const tags = new Set(("HTML HEAD META TITLE LINK SCRIPT BODY A ARTICLE ASIDE B BDI BLOCKQUOTE BR BUTTON CODE DD DETAILS "
                + "DIV DL DT FIELDSET FOOTER FORM H1 H2 H3 HEADER HR I IMG INPUT KBD LABEL LEGEND LI MAIN NAV NOSCRIPT OL "
                + "OPTION P PRE S SECTION SELECT SMALL SPAN SUMMARY TABLE TBODY TD TH THEAD TIME TR UL svg path").split(" "));
            const faults = [];
            if (window.stolen !== undefined) faults.push("a script has run");
            for (const element of document.querySelectorAll("*")) {
                if (!tags.has(element.tagName)) faults.push("element " + element.outerHTML);
                for (const { name, value } of element.attributes) {
                    if (/^on|^srcdoc$|^formaction$/.test(name)) faults.push("attribute " + name + " in " + element.outerHTML);
                    if (name === "src" && !value.startsWith("/console/assets/")) faults.push("src " + value);
                    if (name === "href" && !["http:", "https:", "mailto:"].includes(new URL(value, location.href).protocol))
                        faults.push("href " + value);
                    if (name === "style" && /url|expression/i.test(value)) faults.push("style " + value);
                }
            }
            return faults;
        }
        """;

    private static readonly string[] Pieces =
    [
        "<script>window.stolen=1</script>", "<img src=x onerror=window.stolen=1>", "\"><svg onload=alert(1)>", "' onmouseover='alert(1)",
        "javascript:alert(1)", "[a](javascript:alert(1))", "<javascript:alert(1)|a>", "<https://evil.example|click>",
        "[b](data:text/html,<script>alert(1)</script>)", "![x](https://evil.example/x.png)", "</textarea></title></style></script>",
        "<iframe srcdoc='<script>alert(1)</script>'>", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "{{ defect.id }}",
        "&lt;img src=x onerror=alert(1)&gt;", "\u202Egnp.exe", "\u0007\u0000\u001b[31m", "<at>x</at>", "<!channel>", "*b* _i_ ~s~ `c`",
        "```\n<b>\n```", "| a | b |\n|-|-|\n| <i>c</i> | d |", "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "\ud83d\udc69\u200d\ud83d\udc67", "\u0645\u0631\u062d\u0628\u0627", "__proto__", "constructor", " ", "\n", "a", "\u2028",
        "<a href=vbscript:x>y</a>",
    ];

    private static readonly Gen<string> Texts =
        Gen.OneOf(Gen.OneOf(Pieces), Gen.String[0, 12]).Array[1, 6].Select(parts => string.Concat(parts));

    // Marks without an end.
    [LongTheory]
    [InlineData("_a")]
    [InlineData("**a")]
    [InlineData("[a](b")]
    [InlineData("*a ")]
    public async Task Message_VeryLongText_IsDrawnAtOnce(string piece)
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var page = await visitor.OpenAsync();

        var lengths = await page.EvaluateAsync<int[]>(
            """
            async text => {
                const { patch } = await import("/console/assets/js/dom.js");
                const { teams } = await import("/console/assets/js/teams.js");
                const { markup } = await import("/console/assets/js/mrkdwn.js");
                return [teams({ type: "AdaptiveCard", body: [{ type: "TextBlock", text }] }), markup(text)].map(drawn => {
                    const place = document.createElement("div");
                    patch(place, [drawn]);
                    return place.textContent.length;
                });
            }
            """,
            string.Concat(Enumerable.Repeat(piece, 200_000))).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.All(lengths, length => Assert.InRange(length, 390_000, 200_000 * piece.Length));
    }

    [LongFact]
    public async Task Events_WithAnyText_AreShownAsText()
    {
        await using var scene = await Scene.OpenAsync();
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var project = Gen.OneOf("GOOD", "DEAD", "BOTH", "PARK", "<img src=x>");
        var number = 0;
        // One batch, so that a failure names its seed.
        await Gen.Select(Texts, Texts, project).Array[PropertyCases.Of(AllCases * 10) / 10].SampleAsync(
            async events =>
            {
                var ids = new List<string>();
                foreach (var (title, text, code) in events)
                {
                    var body = JsonNode.Parse(Webhooks.Created(++number, code))!;
                    body["payload"]!["title"] = title;
                    body["payload"]!["actual_result"] = text;
                    body["payload"]!["attachments"] = new JsonArray(
                        new JsonObject { ["url"] = text, ["filename"] = title, ["mime"] = text });
                    var reply = await scene.Worker.Ingress.PostAsync(body.ToJsonString());
                    if (reply.Id is { } id) ids.Add(id);
                }

                await scene.Operations.DrainedAsync("good");
                await ShowAllAsync(visitor, ids);
            },
            iter: 1,
            threads: 1);
    }

    [LongFact]
    public async Task SamplePayloads_WithHostileTexts_AreShownAsText()
    {
        await using var scene = await Scene.OpenAsync(settings => settings.Set("Routes:0:ProjectCodes", new JsonArray("*")));
        await using var visitor = await browser.VisitAsync(scene.Operations);
        var ids = new List<string>();
        foreach (var (index, name) in Payloads.Names.Index())
        {
            var body = JsonNode.Parse(Payloads.ReadText(name))!.AsObject();
            Poison(body["payload"]!, Pieces[index % Pieces.Length]);
            if (body.ContainsKey("project_code")) body["project_code"] = "GOOD" + index;
            var reply = await scene.Worker.Ingress.PostAsync(body.ToJsonString());
            if (reply.Id is { } id) ids.Add(id);
        }

        Assert.NotEmpty(ids);
        await scene.Operations.DrainedAsync("good");
        await ShowAllAsync(visitor, ids);
    }

    // Adds a text to every string, so that the payload stays valid.
    private static void Poison(JsonNode node, string text)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToList())
            {
                if (value is JsonValue single && single.TryGetValue<string>(out var before)) members[name] = before + text;
                else if (value is not null) Poison(value, text);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items.OfType<JsonNode>()) Poison(item, text);
        }
    }

    private static async Task ShowAllAsync(Visitor visitor, IEnumerable<string> ids)
    {
        var page = await visitor.OpenAsync();
        await Expect(page.Feed().Locator(".event").First).ToBeVisibleAsync();
        await IsCleanAsync(visitor, page);
        foreach (var path in (string[])["events", "attention", "silences"])
        {
            await page.GotoAsync(visitor.AddressOf(path));
            await Expect(page.GetByText("Loading…")).ToHaveCountAsync(0);
            await IsCleanAsync(visitor, page);
        }

        foreach (var id in ids)
        {
            await page.GotoAsync(visitor.AddressOf("events/" + id));
            await Expect(page.Region("Message").Or(page.GetByText("No route takes"))).ToBeVisibleAsync();
            await Expect(page.GetByText("Loading…")).ToHaveCountAsync(0);
            // A dashed box stands for what is not drawn: every block that a formatter writes is drawn, except pictures.
            await Expect(page.Locator(".chat .box:not(.picture)")).ToHaveCountAsync(0);
            await IsCleanAsync(visitor, page);
        }
    }

    private static async Task IsCleanAsync(Visitor visitor, IPage page)
    {
        Assert.Empty(await page.EvaluateAsync<string[]>(FindForeign));
        visitor.AssertClean();
    }
}
