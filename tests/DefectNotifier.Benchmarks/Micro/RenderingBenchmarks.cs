using BenchmarkDotNet.Attributes;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Chat.Teams;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>The default template for a new defect, from the event to the platform's JSON.</summary>
[MemoryDiagnoser]
public class RenderingBenchmarks
{
    private readonly MessageRenderer _renderer = new(
        TemplateStore.Load(new TemplateOptions { Path = "none" }, NullLogger<TemplateStore>.Instance),
        [new SlackMessageFormatter(), new TeamsMessageFormatter()],
        new QaseOptions(),
        TimeProvider.System);

    private RenderRequest _request = null!;

    [Params(ChatPlatform.Slack, ChatPlatform.Teams)]
    public ChatPlatform Platform { get; set; }

    [Params("defect/created.json", "defect/created-stacktrace.json")]
    public string Sample { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _request = new RenderRequest
    {
        Event = WebhookParser.Parse(Payloads.Read(Sample), "").Event!,
        ReceivedAt = Some.Moment,
        Platform = Platform,
    };

    [Benchmark]
    public RenderResult Render() => _renderer.Render(_request);
}
