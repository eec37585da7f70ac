using System.Collections.Frozen;

namespace DefectNotifier.Chat.Http;

/// <summary>A chat's error codes and what each means. A code stands in one row only; a second one fails when the table is built.</summary>
internal sealed class ResponseTable
{
    private readonly FrozenDictionary<string, ResponseRow> _byCode;

    public ResponseTable(IEqualityComparer<string> comparer, params ResponseRow[] rows) =>
        _byCode = rows
            .SelectMany(row => row.Codes, (row, code) => KeyValuePair.Create(code, row))
            .ToDictionary(comparer)
            .ToFrozenDictionary(comparer);

    /// <summary>Null for null and for a code that is in no row.</summary>
    public ResponseRow? Find(string? code) => code is not null && _byCode.TryGetValue(code, out var row) ? row : null;
}
