namespace DefectNotifier.Worker.Operations;

/// <summary>What the desk says to one question: an answer, or why there is none.</summary>
/// <param name="Value">The answer; null when it was refused.</param>
/// <param name="Problem">Why not; null when there is an answer.</param>
internal sealed record DeskAnswer<T>(T? Value, Problem? Problem)
    where T : class
{
    public static implicit operator DeskAnswer<T>(T value) => new(value, Problem: null);

    public static implicit operator DeskAnswer<T>(Problem problem) => new(Value: null, problem);
}
