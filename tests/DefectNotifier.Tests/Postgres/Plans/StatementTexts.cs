using System.Reflection;
using System.Text.RegularExpressions;
using DefectNotifier.Postgres.Database;
using DefectNotifier.Sql;

namespace DefectNotifier.Tests.Postgres.Plans;

/// <summary>All texts of SQL in the product: statements, and the parts from which they are made.</summary>
internal static partial class StatementTexts
{
    private const string Schema = "outbox_schema";

    private static readonly PostgresDialect Dialect = new(Schema);

    /// <summary>By the name of its class and its own, as <see cref="Normalize"/> writes it.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        ((Assembly[])[typeof(SqlOutbox).Assembly, typeof(PostgresDialect).Assembly])
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Name.EndsWith("Sql", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
        .SelectMany(field => TextsOf($"{field.DeclaringType!.Name}.{field.Name}", field.GetValue(obj: null)))
        .ToDictionary(text => text.Name, text => Normalize(Dialect.Of(text.Sql), Schema), StringComparer.Ordinal);

    /// <summary>The text without the schema, the numbers of parameters and the layout.</summary>
    public static string Normalize(string sql, string schema)
    {
        var text = sql.Replace($" {schema}.", " ", StringComparison.Ordinal);
        return Space().Replace(Parameter().Replace(text, "?"), " ").Trim();
    }

    /// <summary>False: a command without rows, such as SET, which has no plan.</summary>
    public static bool HasPlan(string normalized) =>
        normalized.Split(' ')[0] is not ("SET" or "BEGIN" or "COMMIT" or "ROLLBACK" or "LISTEN" or "NOTIFY");

    /// <summary>The longest text that is a part of the statement; null: the statement is made of none of them.</summary>
    public static string? NameOf(string normalized) => All.Where(text => normalized.Contains(text.Value, StringComparison.Ordinal))
        .OrderByDescending(text => text.Value.Length).Select(text => text.Key).FirstOrDefault();

    private static IEnumerable<(string Name, string Sql)> TextsOf(string name, object? value) => value switch
    {
        string sql => [(name, sql)],
        IEnumerable<string> many => many.Select((sql, at) => ($"{name}[{at}]", sql)),
        // A number, or the texts that the dialect puts in the place of others.
        _ => [],
    };

    [GeneratedRegex(@"\$\w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
