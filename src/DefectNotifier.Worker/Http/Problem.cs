using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace DefectNotifier.Worker.Http;

/// <summary>RFC 9457 problem details.</summary>
/// <param name="Type">A URN that ends in a stable word.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Field">The member of the body, or the parameter, that is wrong; left out when it is the whole request.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string? Field = null)
{
    public const string ContentType = "application/problem+json";

    private const string TypePrefix = "urn:defect-notifier:";

    /// <summary>Sent with each 503: a store that fails is tried again soon.</summary>
    private const int RetryAfterSeconds = 10;

    /// <summary>The stable word at the end of the type.</summary>
    [JsonIgnore]
    public string Code => Type[TypePrefix.Length..];

    public static Problem Of(int status, string code, string detail, string? field = null) =>
        new(TypePrefix + code, ReasonPhrases.GetReasonPhrase(status), status, detail, field);

    /// <summary>Writes the response; nothing of it may have been sent yet.</summary>
    public Task WriteToAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        if (Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = RetryAfterSeconds.ToString();
        return response.WriteAsJsonAsync(this, ProblemJson.Readable.Problem, ContentType);
    }
}

/// <summary>A problem as the result of an endpoint.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => problem.WriteToAsync(httpContext.Response);
}

[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>Leaves characters unescaped for readability; the response is never HTML.</summary>
    public static ProblemJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
