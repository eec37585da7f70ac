using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Turns what the admin says into what HTTP says.</summary>
internal static class AdminHttpResults
{
    public static Results<Ok<T>, ProblemResult> ToResult<T>(this AdminResult<T> response)
        where T : class => response.Value is { } value ? TypedResults.Ok(value) : new ProblemResult(response.Problem!);
}
