using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DefectNotifier.Worker.Http;

namespace DefectNotifier.Worker.Operations;

/// <summary>Reads a JSON body. ASP.NET Core's own binding would return a bare 400 without the place of the error.</summary>
internal static class JsonBody
{
    private const int MaxBytes = 64 * 1024;

    /// <param name="request">The request.</param>
    /// <param name="type">The type of the body.</param>
    /// <param name="members">The members that it may have, for the error message.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<AdminResult<T>> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, string members, CancellationToken cancellationToken)
        where T : class
    {
        var read = await BodyReader.ReadAsync(request, MaxBytes, cancellationToken);
        if (read.Bytes is not { } body) return read.Problem!;
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) is { } value ? value : Invalid(members, path: null);
        }
        catch (JsonException error)
        {
            return Invalid(members, error.Path);
        }
    }

    private static Problem Invalid(string members, string? path) => Problem.Of(
        StatusCodes.Status400BadRequest, "invalid-body", $"The body must be a JSON object with some of {members}.", path);
}
