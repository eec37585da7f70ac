using BenchmarkDotNet.Attributes;
using DefectNotifier.Events;
using DefectNotifier.Routing;
using DefectNotifier.Testing;

namespace DefectNotifier.Benchmarks.Micro;

/// <summary>The steps before a webhook is stored.</summary>
[MemoryDiagnoser]
public class IntakeBenchmarks
{
    private readonly byte[] _body = Payloads.Read("defect/created.json");
    private readonly RouteTable _routes = new(
    [
        new RouteOptions { ProjectCodes = ["WEB", "MOB*"], Events = ["defect.*"], MinSeverity = "major", To = ["web-qa"], Continue = true },
        new RouteOptions { ProjectCodes = ["BILL"], To = ["billing"] },
        new RouteOptions { To = ["lobby"] },
    ]);

    private DefectEvent _event = null!;

    [GlobalSetup]
    public void Setup() => _event = Parse().Event!;

    [Benchmark(Baseline = true)]
    public WebhookParseResult Parse() => WebhookParser.Parse(_body, "");

    [Benchmark]
    public RoutingDecision Plan() => _routes.Plan(_event);

    [Benchmark]
    public ReadOnlyMemory<byte> DedupKeyOf() => DedupKey.Of(_event, Some.Moment);
}
