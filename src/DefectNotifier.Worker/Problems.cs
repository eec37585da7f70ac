namespace DefectNotifier.Worker;

/// <summary>Writes refusals as RFC 9457 problem details.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    /// <summary>Asked of the sender with each 503: a store that hangs is looked at again soon.</summary>
    private const int RetryAfterSeconds = 10;

    /// <param name="response">The response to write; nothing must have been written yet.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="code">A stable word; the problem's type is made from it.</param>
    /// <param name="detail">What is wrong and what to do.</param>
    /// <param name="field">The field at error; null when it is the whole request.</param>
    public static Task WriteAsync(HttpResponse response, int status, string code, string detail, string? field = null) =>
        WriteAsync(response, Problem.Of(status, code, detail, field));

    public static Task WriteAsync(HttpResponse response, Problem problem)
    {
        response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = RetryAfterSeconds.ToString();
        return response.WriteAsJsonAsync(problem, ProblemJson.Readable.Problem, ContentType);
    }
}
