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

/// <summary>
/// A JSON template with twelve values, and the same template with fixed text instead: the difference is the cost of values.
/// </summary>
[MemoryDiagnoser]
public class JsonRenderingBenchmarks
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("json-benchmark-");
    private MessageRenderer _renderer = null!;
    private RenderRequest _request = null!;

    [Params(true, false)]
    public bool HasValues { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _folder.CreateSubdirectory("slack");
        var value = HasValues ? "{{ defect.title }}" : "Checkout ignores the coupon";
        var fields = Enumerable.Range(0, 10).Select(_ => $$"""{ "type": "mrkdwn", "text": "*Title* {{value}}" }""");
        File.WriteAllText(
            Path.Combine(_folder.FullName, "slack", "defect.created.json.sbn"),
            $$"""
              {
                "text": "{{value}}",
                "blocks": [
                  { "type": "header", "text": { "type": "plain_text", "text": "{{value}}" } },
                  { "type": "section", "fields": [ {{string.Join(", ", fields)}} ] }
                ]
              }
              """);
        _renderer = new MessageRenderer(
            TemplateStore.Load(new TemplateOptions { Path = _folder.FullName }, NullLogger<TemplateStore>.Instance),
            [new SlackMessageFormatter(), new TeamsMessageFormatter()],
            new QaseOptions(),
            TimeProvider.System);
        _request = new RenderRequest
        {
            Event = WebhookParser.Parse(Payloads.Read("defect/created.json"), "").Event!,
            ReceivedAt = Some.Moment,
            Platform = ChatPlatform.Slack,
        };
        if (_renderer.Render(_request).Error is { } error) throw new InvalidOperationException($"{error}");
    }

    [GlobalCleanup]
    public void Cleanup() => _folder.Delete(recursive: true);

    [Benchmark]
    public RenderResult Render() => _renderer.Render(_request);
}
