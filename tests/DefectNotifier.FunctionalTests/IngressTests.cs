using System.Net.Http.Headers;
using System.Text;
using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>The responses to webhooks.</summary>
public sealed class IngressTests(IngressFixture fixture) : IClassFixture<IngressFixture>
{
    public static TheoryData<string, string, string?> BadBodies { get; } = new()
    {
        { "", "empty-body", null },
        { "   \n", "empty-body", null },
        { "defect.created", "invalid-json", null },
        { "event_name=defect.created&project_code=WEB", "invalid-json", null },
        { """{"event_name":"defect.created","payload":{"id":1""", "truncated-json", null },
        { """{"event_name":"defect.created","payload":{"id":1}} {}""", "trailing-content", null },
        { """[{"event_name":"defect.created","payload":{"id":1}}]""", "not-an-object", null },
        { "null", "not-an-object", null },
        { """{"timestamp":1,"payload":{"id":1},"project_code":"WEB"}""", "missing-event-name", "event_name" },
        { """{"event_name":7,"payload":{"id":1}}""", "invalid-event-name", "event_name" },
        { """{"event_name":"defect.created","payload":{"title":"No id"},"project_code":"WEB"}""", "missing-defect-id", "payload.id" },
        { """{"event_name":"defect.resolved","payload":[],"project_code":"WEB"}""", "missing-defect-id", "payload.id" },
        { """{"event_name":"notifier.parked","payload":{"destination":"web","advice":"Pay"}}""", "reserved-event-name", "event_name" },
        { """{"event_name":" Notifier.Undelivered\t","payload":{}}""", "reserved-event-name", "event_name" },
        { """{"event":"notifier.resumed","payload":{}}""", "reserved-event-name", "event_name" },
        { """{"event_name":"defect.created","event_name":"\u006eotifier.delayed","payload":{}}""", "reserved-event-name", "event_name" },
        { """{"event_name":"defect.details","payload":{"id":1}}""", "reserved-event-name", "event_name" },
        { """{"event_name":"Digest ","payload":{"destination":"web"}}""", "reserved-event-name", "event_name" },
        { """{"event_name":"run.completed","payload":""" + new string('[', 80) + new string(']', 80) + "}", "too-deep", null },
        {
            """{"action":"opened","issue":{"number":1,"title":"From GitHub"},"repository":{"full_name":"a/b"},"sender":{"login":"c"}}""",
            "missing-event-name", "event_name"
        },
        {
            """{"timestamp":1767603600,"webhookEvent":"jira:issue_created","issue":{"key":"WEB-1","fields":{"summary":"From Jira"}}}""",
            "missing-event-name", "event_name"
        },
    };

    private WorkerProcess Worker => fixture.Worker;

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task Post_NotAWebhook_IsRefusedWithTheReason(string body, string code, string? field) =>
        (await PostAsync(body)).IsProblem(400, code, field);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData(TestSecrets.Ingress + "x")]
    [InlineData(TestSecrets.Ingress + ", " + TestSecrets.NextIngress)]
    public async Task Post_MissingOrWrongSecret_IsRefused(string? secret)
    {
        var reply = await Worker.Ingress.PostAsync(Webhooks.Created(900), secret: secret);

        reply.IsProblem(401, "wrong-secret");
        TestSecrets.AreNotIn(reply.Body + Worker.Output.All, "A refusal");
    }

    [Theory]
    [InlineData(901, TestSecrets.Ingress)]
    [InlineData(902, TestSecrets.NextIngress)]
    public async Task Post_AnyAcceptedSecret_IsAccepted(int number, string secret) =>
        Assert.Equal(202, (await Worker.Ingress.PostAsync(Webhooks.Created(number), secret: secret)).Status);

    [Theory]
    [InlineData("/")]
    [InlineData("/webhooks")]
    [InlineData("/webhooks/qaseX")]
    [InlineData("/webhooks/qase/a/b")]
    [InlineData("/webhooks/qase/a%20b")]
    public async Task Post_AnotherPath_IsNotFound(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Worker.Ingress.Address, path))
        {
            Content = Json(Webhooks.Created(903)),
        };

        (await SendAsync(request)).IsProblem(404, "not-found");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Send_AnotherMethod_NamesTheAllowedOne(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Worker.Ingress.Address);

        var reply = await SendAsync(request);

        reply.IsProblem(405, "method-not-allowed");
        Assert.Equal("POST", reply.Allow);
    }

    [Theory]
    [InlineData(false, IngressFixture.MaxBodyBytes + 1)]
    [InlineData(true, IngressFixture.MaxBodyBytes + 1)]
    [InlineData(true, IngressFixture.MaxBodyBytes + 2048)]
    [InlineData(false, 2 * 1024 * 1024)]
    [InlineData(true, 2 * 1024 * 1024)]
    public async Task Post_TooLarge_IsRefused(bool isChunked, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Worker.Ingress.Address)
        {
            Content = Json(Webhooks.Created(904).PadRight(length)),
        };
        if (isChunked) request.Headers.TransferEncodingChunked = true;

        var reply = await SendAsync(request);

        reply.IsProblem(413, "body-too-large");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Post_ExactlyTheMaximumSize_IsAccepted(bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Worker.Ingress.Address)
        {
            Content = Json(Webhooks.Created(isChunked ? 905 : 906).PadRight(IngressFixture.MaxBodyBytes)),
        };
        if (isChunked) request.Headers.TransferEncodingChunked = true;

        Assert.Equal(202, (await SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("\uFEFF", "event_name", "defect.created", 907, "", "WEB")]
    [InlineData("", "event_name", "defect.created", 908, " \\ud83d", "WEB")]
    [InlineData("", "event_name", "something.new", 909, "", "web")]
    [InlineData("", "event", "defect.created", 910, "", "WEB")]
    public async Task Post_UnusualWebhook_IsAcceptedAndSent(
        string prefix, string nameMember, string name, int marker, string suffix, string projectCode)
    {
        var payload = $$"""{"id":{{marker}},"title":"Marker {{marker}} end{{suffix}}"}""";

        var reply = await PostAsync(
            $$"""{{prefix}}{"{{nameMember}}":"{{name}}","timestamp":1,"payload":{{payload}},"project_code":"{{projectCode}}"}""");

        Assert.Equal((202, "accepted"), (reply.Status, reply.EventStatus));
        await Worker.Operations.DrainedAsync();
        Assert.Single(fixture.Chat.PostedTo("web"), call => call.Body.Contains($"Marker {marker} end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_NoRouteMatches_IsStoredAsUnrouted()
    {
        var before = await Worker.Operations.MetricAsync("defectnotifier_events_total", "event=\"defect.created\"", "outcome=\"unrouted\"");

        var reply = await PostAsync(Webhooks.Created(911, "NOWHERE"));
        var routed = await PostAsync(Webhooks.Created(912));

        Assert.Equal((202, "unrouted"), (reply.Status, reply.EventStatus));
        var unrouted = await Worker.Operations.EventsAsync("state=unrouted");
        Assert.Single(unrouted, stored => (string?)stored!["id"] == reply.Id);
        var stored = await Worker.Operations.JsonAsync("/events/" + reply.Id);
        Assert.Contains(
            "'NOWHERE'", stored["decision"]!.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(unrouted, stored => (string?)stored!["id"] == routed.Id);
        Assert.Equal(
            before + 1,
            await Worker.Operations.MetricAsync("defectnotifier_events_total", "event=\"defect.created\"", "outcome=\"unrouted\""));
    }

    private Task<WebhookReply> PostAsync(string body) => Worker.Ingress.PostAsync(body, secret: TestSecrets.Ingress);

    private static Task<WebhookReply> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("X-Qase-Secret", TestSecrets.Ingress);
        return IngressClient.SendAsync(request);
    }

    private static ByteArrayContent Json(string body) =>
        new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
