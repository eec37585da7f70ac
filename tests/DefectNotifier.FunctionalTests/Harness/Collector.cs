using DefectNotifier.Testing;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Receives OTLP exports over gRPC.</summary>
internal sealed class Collector : IDisposable
{
    private readonly WireMockServer _server;

    public Collector()
    {
        var port = FreePort.Next();
        Endpoint = $"http://127.0.0.1:{port}";
        _server = WireMockServer.Start(new WireMockServerSettings { Urls = [$"grpc://127.0.0.1:{port}"], UseHttp2 = true });
        _server.Given(Request.Create().UsingPost()).RespondWith(
            Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/grpc").WithTrailingHeader("grpc-status", "0"));
    }

    public string Endpoint { get; }

    /// <summary>The exported spans, as protobuf. A worker exports the rest when it stops.</summary>
    public IReadOnlyList<byte[]> Traces => Exports("TraceService");

    public IReadOnlyList<byte[]> Metrics => Exports("MetricsService");

    public void Dispose()
    {
        _server.Stop();
        _server.Dispose();
    }

    private List<byte[]> Exports(string service) =>
        [.. _server.LogEntries.Select(entry => entry.RequestMessage!)
            .Where(request => request.AbsolutePath.EndsWith(service + "/Export", StringComparison.Ordinal))
            .Select(request => request.BodyAsBytes ?? [])];
}
