using DefectNotifier.Worker.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DefectNotifier.Worker.Operations;

/// <summary>The result of one request to <see cref="IOutboxAdmin"/>: a value, or the reason why there is none.</summary>
/// <param name="Value">The value; null when the request was rejected.</param>
/// <param name="Problem">Why it was rejected; null when there is a value.</param>
internal sealed record AdminResult<T>(T? Value, Problem? Problem)
    where T : class
{
    public static implicit operator AdminResult<T>(T value) => new(value, Problem: null);

    public static implicit operator AdminResult<T>(Problem problem) => new(Value: null, problem);

    /// <summary>The result as an HTTP response.</summary>
    public Results<Ok<T>, ProblemResult> ToHttp() => Value is { } value ? TypedResults.Ok(value) : new ProblemResult(Problem!);
}
