using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>Turns what the desk says into what HTTP says.</summary>
internal static class DeskResults
{
    public static Results<Ok<T>, ProblemResult> ToResult<T>(this DeskAnswer<T> answer)
        where T : class => answer.Value is { } value ? TypedResults.Ok(value) : new ProblemResult(answer.Problem!);
}
