namespace DefectNotifier.Worker.Operations;

/// <summary>What the admin says to one question: a response, or why there is none.</summary>
/// <param name="Value">The response; null when it was refused.</param>
/// <param name="Problem">Why not; null when there is a response.</param>
internal sealed record AdminResult<T>(T? Value, Problem? Problem)
    where T : class
{
    public static implicit operator AdminResult<T>(T value) => new(value, Problem: null);

    public static implicit operator AdminResult<T>(Problem problem) => new(Value: null, problem);
}
