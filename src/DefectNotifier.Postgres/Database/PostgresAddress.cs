using System.Data.Common;
using DefectNotifier.Delivery.Sending;
using Npgsql;

namespace DefectNotifier.Postgres.Database;

/// <summary>
/// Where a PostgreSQL outbox is. Texts about a connection string may name its keywords, but never contain a value other than hosts, port
/// and database: a part of a password can be in any other value, and in what was read as a keyword.
/// </summary>
public sealed class PostgresAddress
{
    private const string Expected = "Host=db.example.com;Database=defects;Username=notifier;Password=...";
    private const string QuoteAdvice = "a value that contains ';' or a quotation mark needs quotation marks around it";

    private readonly NpgsqlConnectionStringBuilder _values;

    private PostgresAddress(NpgsqlConnectionStringBuilder values) => _values = values;

    /// <summary>
    /// Reads a connection string. Either the address or the problem is set; the problem is a text to be put after the name of the setting.
    /// </summary>
    public static (PostgresAddress? Address, string? Problem) Read(string text)
    {
        var values = new NpgsqlConnectionStringBuilder();
        var problem = ReadInto(values, text) ?? ProblemOf(values);
        return problem is null ? (new PostgresAddress(values), null) : (null, problem);
    }

    /// <summary>The keywords and values. Contain the password.</summary>
    internal string ConnectionString => _values.ConnectionString;

    /// <summary>What to call the outbox in a message: <c>db1,db2:5432/defects, schema defect_notifier</c>.</summary>
    public string NameIn(string schema)
    {
        // A host with a port of its own, or an IPv6 address.
        var port = _values.Host!.Contains(':') ? "" : $":{_values.Port}";
        return $"{_values.Host}{port}/{_values.Database}, schema {schema}";
    }

    private static string? ReadInto(NpgsqlConnectionStringBuilder values, string text)
    {
        if (IsAddress(text)) return $"is an address; expected keywords and values such as {Expected}";
        if (Split(text) is not { } pairs) return $"can't be read{After(LastReadable(text))}; {QuoteAdvice}";
        string? last = null;
        foreach (string keyword in pairs.Keys)
        {
            if (!values.ContainsKey(keyword)) return $"has an unknown keyword{After(last)}; {QuoteAdvice}";
            try
            {
                values[keyword] = pairs[keyword];
            }
            catch (ArgumentException)
            {
                return $"has a value of '{keyword}' that is not accepted";
            }

            last = keyword;
        }

        return null;
    }

    private static string? ProblemOf(NpgsqlConnectionStringBuilder values)
    {
        if (string.IsNullOrWhiteSpace(values.Host)) return $"has no 'host'; expected keywords and values such as {Expected}";
        // Npgsql's default is the name of the user.
        if (string.IsNullOrWhiteSpace(values.Database)) return $"has no 'database'; expected keywords and values such as {Expected}";
        // Both are shown.
        if (!IsName(values.Host)) return NoName("host");
        if (!IsName(values.Database)) return NoName("database");
        if (Placeholder.ProblemOf(values.Password ?? "") is { } problem) return $"has a 'password' that {problem}";
        if (values.Port is < 1 or > 65535) return "has a 'port' that is not a number from 1 to 65535";
        try
        {
            // Npgsql checks the ports of several hosts, and values that exclude each other, only here. It does not connect.
            new NpgsqlSlimDataSourceBuilder(values.ConnectionString).BuildMultiHost().Dispose();
            return null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            return "has values that exclude each other, or a 'host' with a port that is not a number";
        }
    }

    // postgres://user:password@host/database, which other programs accept.
    private static bool IsAddress(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var end && !text.AsSpan(0, end).Contains('=');

    private static bool IsName(string text) => !text.Any(letter => letter is '@' or '?' || char.IsControl(letter));

    private static string NoName(string keyword) =>
        $"has a '{keyword}' that is more than a name; user and password have keywords of their own: {Expected}";

    private static string After(string? keyword) => keyword is null ? "" : $" after the value of '{keyword}'";

    // The last known keyword of the part that can be read.
    private static string? LastReadable(string text)
    {
        var known = new NpgsqlConnectionStringBuilder();
        while (text.LastIndexOf(';') is > 0 and var end)
        {
            text = text[..end];
            if (Split(text) is { } pairs) return pairs.Keys.Cast<string>().LastOrDefault(known.ContainsKey);
        }

        return null;
    }

    // Null: it can't be read.
    private static DbConnectionStringBuilder? Split(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
