namespace DefectNotifier.Worker;

/// <summary>A handler's refusal.</summary>
internal sealed class ProblemResult(Problem problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext.Response, problem);
}
