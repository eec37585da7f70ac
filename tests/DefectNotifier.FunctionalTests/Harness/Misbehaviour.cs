using System.Security.Cryptography.X509Certificates;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One way of a chat to misbehave, and what must come of it.</summary>
/// <param name="Name">In words.</param>
/// <param name="Kind">The kind of chat.</param>
/// <param name="Outcomes">SendOutcome and reason of each attempt at the first message, before the one that delivers it; with "dead" at the end there is none.</param>
/// <param name="Scripts">What it does on its first connections; after them it is well.</param>
internal sealed record Misbehaviour(string Name, ChatKind Kind, string Outcomes, params Func<ScriptedConnection, Task>[] Scripts)
{
    /// <summary>For each connection the next one, null for none; empty: plain http.</summary>
    public IReadOnlyList<X509Certificate2?> Certificates { get; init; } = [];

    /// <summary>How long each further attempt must at least wait.</summary>
    public TimeSpan AtLeast { get; init; }

    /// <summary>Of one attempt; generous where it does not matter, because machines are busy.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public bool IsDead => Outcomes.EndsWith("dead", StringComparison.Ordinal);

    /// <summary>The history of the first message.</summary>
    public IReadOnlyList<string> History =>
        [.. Outcomes.Split(", ", StringSplitOptions.RemoveEmptyEntries).Append("delivered ok").Where(outcome => outcome != (IsDead ? "delivered ok" : "dead")).Where(outcome => outcome != "dead")];

    public override string ToString() => $"{Kind}: {Name}";
}
