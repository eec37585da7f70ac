using System.Text.Json.Nodes;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>A plan that the server has executed, with what each step of it has read.</summary>
/// <param name="Root">The last step, as EXPLAIN writes it in JSON.</param>
internal sealed record QueryPlan(JsonNode Root)
{
    /// <summary>A page of a table or of an index is read as a whole.</summary>
    public const int Slack = 64;

    /// <summary>No step of a plan may read more than this many times the rows of the answer.</summary>
    private const int MaxFactor = 10;

    private const int MaxText = 6_000;

    /// <summary>The rows that a function such as unnest returns: what was asked for.</summary>
    public long Asked => Steps.Where(step => TypeOf(step) == "Function Scan").Select(RowsOf).DefaultIfEmpty(0).Max();

    /// <summary>The rows that were returned or changed.</summary>
    public long Changed => TypeOf(Root) == "ModifyTable" ? RowsOf(Root["Plans"]!.AsArray().First(IsOuter)!) : RowsOf(Root);

    private IEnumerable<JsonNode> Steps => StepsOf(Root);

    /// <summary>What is wrong with the plan; null: nothing.</summary>
    /// <param name="asked">How many rows were asked for, if the plan does not show it.</param>
    /// <param name="isCount">True: the answer are numbers, and what they count has to be read.</param>
    /// <param name="allowed">So many rows may be read in any case.</param>
    public string? FindProblem(int asked = 0, bool isCount = false, int allowed = Slack)
    {
        // What a subquery finds once, for all rows, is asked for by the rest of the statement.
        var subqueries = Steps.Where(step => (string?)step["Parent Relationship"] == "InitPlan").Select(RowsOf);
        var counted = isCount ? Steps.Where(IsAggregate).SelectMany(InputsOf).Select(RowsOf) : [];
        long[] answers = [asked, Changed, Asked, .. subqueries, .. counted];
        var (answer, most) = (answers.Max(), Steps.MaxBy(ReadBy)!);
        if (ReadBy(most) <= (MaxFactor * answer) + allowed) return null;
        var text = Root.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
        return $"{TypeOf(most)} reads {ReadBy(most)} rows for {answer}:\n{(text.Length < MaxText ? text : text[..MaxText])}";
    }

    private static IEnumerable<JsonNode> StepsOf(JsonNode step) => InputsOf(step).SelectMany(StepsOf).Prepend(step);

    private static IEnumerable<JsonNode> InputsOf(JsonNode step) => step["Plans"]?.AsArray().Select(input => input!) ?? [];

    private static string TypeOf(JsonNode step) => (string)step["Node Type"]!;

    private static bool IsOuter(JsonNode? step) => (string?)step!["Parent Relationship"] == "Outer";

    private static bool IsAggregate(JsonNode step) => TypeOf(step) == "Aggregate";

    private static long RowsOf(JsonNode step) => (long)((double)step["Actual Loops"]! * (double)step["Actual Rows"]!);

    // All rows that a step looked at: those that it returned, and those that it dropped.
    private static long ReadBy(JsonNode step)
    {
        var dropped = step.AsObject()
            .Where(value => value.Key.StartsWith("Rows Removed by ", StringComparison.Ordinal)).Sum(value => (double)value.Value!);
        return RowsOf(step) + (long)((double)step["Actual Loops"]! * dropped);
    }
}
