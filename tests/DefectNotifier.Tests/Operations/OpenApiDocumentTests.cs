using System.Text.Json.Nodes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DefectNotifier.Tests.Operations;

/// <summary>The OpenAPI document describes exactly the mapped endpoints.</summary>
public sealed class OpenApiDocumentTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("operations-");
    private readonly ChatComponents _components = new(TimeProvider.System);
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication _host = null!;
    private JsonNode _document = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new NotifierSettings
        {
            Ingress = new IngressOptions { Url = new Uri("http://127.0.0.1:0") },
            OperationsUrl = new Uri("http://127.0.0.1:0"),
            OutboxPath = Path.Combine(_folder.FullName, "outbox.db"),
            Destinations = [new DestinationOptions { Name = "lobby", Type = "sandbox", As = "slack" }],
            Routes = [new DefectNotifier.Routing.RouteOptions { To = ["lobby"] }],
        };
        _host = NotifierHost.Build(
            settings,
            _components,
            new ConfigurationBuilder().AddInMemoryCollection([new("Logging:LogLevel:Default", "None")]).Build().GetSection("Logging"));
        await _host.StartAsync(Token);
        var address = _host.Services.GetRequiredService<Listeners>().Operations.Url;
        _document = JsonNode.Parse(await _client.GetStringAsync(new Uri(address, "/openapi.json"), Token))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
        _client.Dispose();
        _components.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Document_Paths_AreTheMappedEndpoints()
    {
        var endpoints = _host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints);
        var mapped = from endpoint in endpoints.OfType<RouteEndpoint>()
                         // The console's pages.
                     where endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
                     let path = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":long", "", StringComparison.Ordinal)
                     // The document itself.
                     where path != "/openapi.json"
                     from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
                     select $"{method} {path}";
        var described = from path in _document["paths"]!.AsObject()
                        from operation in path.Value!.AsObject()
                        select $"{operation.Key.ToUpperInvariant()} {path.Key}";

        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Endpoints_AccessRule_IsSetOnEach() =>
        Assert.Empty(_host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<AccessRule>() is null).Select(endpoint => endpoint.DisplayName));

    [Fact]
    public void Document_EveryOperation_HasASummaryAndItsErrorsAreProblems()
    {
        foreach (var (path, operations) in _document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.False(string.IsNullOrEmpty((string?)operation!["summary"]), $"{method} {path} has no summary");
                var responses = operation["responses"]!.AsObject();
                foreach (var (_, response) in responses.Where(one => one.Key[0] is '4' or '5' && path != "/health/ready"))
                {
                    var schema = response!["content"]!["application/problem+json"]!["schema"]!;
                    Assert.Equal("#/components/schemas/Problem", (string?)schema["$ref"]);
                }

                foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                    Assert.Equal((string?)parameter!["in"] == "path", (bool?)parameter["required"] ?? false);
            }
        }
    }

    [Theory]
    [InlineData("/health/live", true)]
    [InlineData("/health/ready", true)]
    [InlineData("/metrics", true)]
    [InlineData("/console/session", true)]
    [InlineData("/deliveries", false)]
    public void Document_HealthAndMetrics_NeedNoSecret(string path, bool isOpen)
    {
        Assert.Single(_document["security"]!.AsArray());
        Assert.Equal(isOpen, _document["paths"]![path]!["get"]!["security"] is JsonArray { Count: 0 });
    }
}
