using System.Globalization;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Enrichment;

/// <summary>
/// Finds the names of a workspace's members. What <c>team_member_id</c> is, Qase does not say: it is tried as a user's id, and then among the authors, as the
/// <c>entity_id</c> of one who is a user. Does no asking itself. The list of authors is kept for a while, so that several unknown ids cost it once.
/// </summary>
internal sealed class NameSearch
{
    /// <summary>The most that Qase gives at once.</summary>
    private const int PageSize = 100;

    /// <summary>In larger workspaces some stay without a name.</summary>
    private const int MaxPages = 20;

    private const int MaxName = 200;

    private const int MaxRemembered = 10_000;

    private static readonly TimeSpan KeepAuthors = TimeSpan.FromMinutes(10);

    private readonly HashSet<long> _notUsers = [];
    private readonly Dictionary<long, string> _authors = [];
    private int _pages;
    private bool _isWhole;
    private TimeSpan _wholeSince;

    /// <param name="id">Whose name.</param>
    /// <param name="now">The moment, on a clock that never jumps.</param>
    public NameStep Next(long id, TimeSpan now)
    {
        if (_isWhole && now - _wholeSince >= KeepAuthors) Forget();
        if (!_notUsers.Contains(id)) return new NameStep(string.Create(CultureInfo.InvariantCulture, $"user/{id}"), Name: null);
        if (_authors.TryGetValue(id, out var name)) return new NameStep(Path: null, name);
        return _isWhole ? default : new NameStep(string.Create(CultureInfo.InvariantCulture, $"author?type=user&limit={PageSize}&offset={_pages * PageSize}"), Name: null);
    }

    /// <summary>Takes a conclusive answer to what <see cref="Next"/> wanted to know, and says how to go on.</summary>
    public NameStep Heard(long id, QaseResponse response, TimeSpan now)
    {
        if (_notUsers.Contains(id))
        {
            TakeAuthors(response, now);
            return Next(id, now);
        }

        if (NameIn(response.Result) is { } name) return new NameStep(Path: null, name);
        if (_notUsers.Count >= MaxRemembered) _notUsers.Clear();
        _notUsers.Add(id);
        return Next(id, now);
    }

    private void TakeAuthors(QaseResponse response, TimeSpan now)
    {
        var entries = response.Result.Get("entities") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        foreach (var entry in entries)
        {
            if (entry.Get("entity_type").AsText() == "user" && entry.Get("entity_id").AsInteger() is { } id && NameIn(entry) is { } name) _authors[id] = name;
        }

        _pages++;
        if (entries.Count >= PageSize && _pages < MaxPages) return;
        _isWhole = true;
        _wholeSince = now;
    }

    // Those who are users by now are found as such.
    private void Forget()
    {
        _notUsers.Clear();
        _authors.Clear();
        _pages = 0;
        _isWhole = false;
    }

    private static string? NameIn(JsonElement person) => person.Get("name").AsText()?.Trim() is { Length: > 0 and <= MaxName } name ? name : null;
}
