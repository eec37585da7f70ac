using System.Text;
using DefectNotifier.Chat;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests;

public sealed class DestinationTypesTests : IDisposable
{
    private readonly ChatHttp _http = new(TimeProvider.System);
    private readonly SandboxInbox _inbox = new(TimeProvider.System);

    public void Dispose() => _http.Dispose();

    [Fact]
    public void All_Types_HaveTheirDefaultRateLimit() =>
        Assert.Equal(
            [("slack", 1, 3), ("slack-webhook", 1, 3), ("teams", 1, 4), ("sandbox", 0, 1)],
            DestinationTypes.All(_http, _inbox).Select(type => (type.Name, type.DefaultRateLimit.PerSecond, type.DefaultRateLimit.Burst)));

    [Fact]
    public void All_Keys_AreOptionProperties()
    {
        var options = typeof(DestinationOptions).GetProperties().Select(property => property.Name).ToHashSet();

        foreach (var type in DestinationTypes.All(_http, _inbox))
            Assert.Subset(options, type.Keys.ToHashSet());
    }

    [Fact]
    public async Task All_OtherSlackApi_IsUsed()
    {
        var types = DestinationTypes.All(_http, _inbox, options => new EchoingApi(options));
        var options = new DestinationOptions { Name = "web-qa", Type = "slack", Channel = "C1", Token = new Secret("xoxb-1") };

        var result = await types[0].CreateSender(options)
            .SendAsync(new ChatMessage(ChatPlatform.Slack, Encoding.UTF8.GetBytes("{}")), "event-1", TestContext.Current.CancellationToken);

        Assert.Equal(SendResult.Delivered("C1/1.2"), result);
    }

    private sealed class EchoingApi(DestinationOptions options) : ISlackApi
    {
        public Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
            Task.FromResult(new SlackResponse { Ok = true, Channel = options.Channel, Ts = "1.2" });
    }
}
