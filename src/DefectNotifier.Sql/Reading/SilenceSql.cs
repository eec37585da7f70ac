namespace DefectNotifier.Sql.Reading;

/// <summary>The statements about silences. A test checks their plans like those of <see cref="ReadSql"/>.</summary>
internal static class SilenceSql
{
    public const string Silence = "SELECT id, state FROM silence WHERE id = $id";

    public const string CurrentSilences = "SELECT id, state FROM silence WHERE ends_at > $after";

    public const string AllSilences = "SELECT id, state FROM silence WHERE id > 0";
}
