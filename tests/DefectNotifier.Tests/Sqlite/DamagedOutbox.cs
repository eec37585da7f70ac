using Microsoft.Data.Sqlite;

namespace DefectNotifier.Tests.Sqlite;

/// <summary>Overwrites pages of an outbox file that no one has open.</summary>
internal static class DamagedOutbox
{
    private const int PageSize = 4096;

    /// <summary>The first page of each table and index, by name.</summary>
    public static IReadOnlyDictionary<string, int> RootPages(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0";
        using var row = command.ExecuteReader();
        var pages = new Dictionary<string, int>(StringComparer.Ordinal);
        while (row.Read()) pages.Add(row.GetString(0), row.GetInt32(1));
        return pages;
    }

    /// <summary>The number of pages of the file.</summary>
    public static int CountPages(string path) => (int)(new FileInfo(path).Length / PageSize);

    /// <summary>Overwrites 64 bytes of a page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="page">The number of the page; the first one is 1.</param>
    /// <param name="offset">Where in the page.</param>
    /// <param name="value">Each byte.</param>
    public static void Overwrite(string path, int page, int offset, byte value)
    {
        using var file = File.OpenWrite(path);
        file.Position = ((page - 1) * (long)PageSize) + offset;
        file.Write(Enumerable.Repeat(value, 64).ToArray());
    }
}
