using DefectNotifier.Console;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DefectNotifier.Worker.Operations;

/// <summary>The description of the operations API at <c>/openapi.json</c>.</summary>
internal static class OpenApiSetup
{
    public const string Path = "/openapi.json";
    public const string MetricsPath = "/metrics";

    private const string DocumentName = "v1";
    private const string Scheme = "bearer";

    // These parameters are read as texts, so that errors become problems. The description shows the types that are meant.
    private static readonly Dictionary<string, JsonSchemaType> Types = new(StringComparer.Ordinal)
    {
        ["id"] = JsonSchemaType.Integer,
        ["before"] = JsonSchemaType.Integer,
        ["defect"] = JsonSchemaType.Integer,
        ["limit"] = JsonSchemaType.Integer,
        ["rendered"] = JsonSchemaType.Boolean,
        ["dryRun"] = JsonSchemaType.Boolean,
        ["all"] = JsonSchemaType.Boolean,
    };

    public static void Add(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
            OperationsJson.Configure(json.SerializerOptions).TypeInfoResolverChain.Insert(0, OperationsJson.Default));
        services.AddOpenApi(DocumentName, options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            });
            // A word is described where it is used, as a plain text.
            options.CreateSchemaReferenceId = type =>
                type.Converter is IWordConverter ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (context.JsonTypeInfo.Converter is IWordConverter words)
                    schema.Type = words.CanBeNull ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, _, _) =>
            {
                foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? []) SetType(parameter);
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Maps the document. It is made once: it cannot change while the service runs.</summary>
    public static void Map(WebApplication app)
    {
        var json = new Lazy<Task<string>>(() => WriteAsync(app.Services));
        app.MapGet(Path, async () => TypedResults.Text(await json.Value, "application/json"))
            .Needs(Permissions.Read)
            .ExcludeFromDescription();
    }

    private static async Task<string> WriteAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName);
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "DefectNotifier operations",
            Version = typeof(OpenApiSetup).Assembly.GetName().Version?.ToString(3) ?? "",
            Description = "History and administration for operators; errors are RFC 9457 problem details; the type ends in a stable word.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Scheme,
            Description = "One of Operations:Secrets or Operations:Access, if any are set. /health and /metrics need none.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        // An empty list means: no secret needed.
        var open = document.Paths.Where(path => path.Key.StartsWith("/health/", StringComparison.Ordinal)
            || path.Key.StartsWith(ConsolePages.Root, StringComparison.Ordinal));
        foreach (var operation in open.SelectMany(path => path.Value.Operations ?? [])) operation.Value.Security = [];
        // The Prometheus exporter maps a plain delegate, which has no description.
        document.Paths[MetricsPath] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = Metrics(), [HttpMethod.Head] = Metrics() },
        };
    }

    private static OpenApiOperation Metrics() => new()
    {
        Summary = "Metrics in Prometheus' text format.",
        Security = [],
        Responses = new OpenApiResponses { ["200"] = PlainText() },
    };

    private static OpenApiResponse PlainText() => new()
    {
        Description = "OK",
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["text/plain"] = new OpenApiMediaType() },
    };

    private static void SetType(OpenApiParameter parameter)
    {
        if (parameter.In != ParameterLocation.Query) return;
        parameter.Required = false;
        if (Types.TryGetValue(parameter.Name ?? "", out var type)) parameter.Schema = new OpenApiSchema { Type = type };
    }
}
