using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using DefectNotifier.Chat;
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Sandbox;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Rendering.Document;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>The cost of a post in the sender: the chat responds at once and in this process, without a socket or server.</summary>
[MemoryDiagnoser]
public class SendBenchmarks
{
    private readonly ChatMessage _message = new(ChatPlatform.Slack, Encoding.UTF8.GetBytes($$"""{"text":"{{new string('a', 1500)}}"}"""));
    private IMessageSender _sender = null!;

    [GlobalSetup]
    public void Setup() => _sender = DestinationTypes
        .All(new ChatHttp(TimeProvider.System, new OkHandler()), new SandboxInbox(TimeProvider.System))
        .Single(type => type.Name == "slack-webhook")
        .CreateSender(new DestinationOptions
        {
            Name = "web",
            Type = "slack-webhook",
            Url = new Secret("https://hooks.slack.com/services/T0/B0/none"),
        });

    [Benchmark]
    public Task<SendResult> SendAsync() => _sender.SendAsync(_message, correlationKey: "", CancellationToken.None);

    private sealed class OkHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent("ok"u8.ToArray()) };
        }
    }
}
