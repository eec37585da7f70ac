namespace DefectNotifier.Sqlite.Database;

/// <summary>The statements that read how much space the file takes.</summary>
internal static class SpaceSql
{
    public const string UsedBytes =
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size";

    /// <summary>Space inside the file that is used again before the file grows.</summary>
    public const string FreeBytes = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size";
}
