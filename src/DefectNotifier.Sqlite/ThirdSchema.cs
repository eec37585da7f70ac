namespace DefectNotifier.Sqlite;

/// <summary>
/// Migration 3: the version of the configuration that an attempt's message was rendered with. The one that an event was routed with stands in its decision.
/// </summary>
internal static class ThirdSchema
{
    // Changes no row: what is there already has null, however much it is.
    public const string Sql = "ALTER TABLE attempt ADD COLUMN version TEXT";
}
