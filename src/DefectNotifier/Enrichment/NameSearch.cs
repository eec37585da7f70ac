using System.Globalization;
using System.Text.Json;
using DefectNotifier.Events;

namespace DefectNotifier.Enrichment;

/// <summary>
/// Finds the names of a workspace's members. Qase does not document <c>team_member_id</c>: it is tried as a user's id, then as the
/// <c>entity_id</c> in the list of authors. The class decides what to request and does not send requests. It caches the list of authors, so
/// that several unknown ids need it only once.
/// </summary>
internal sealed class NameSearch
{
    /// <summary>Qase's maximum.</summary>
    private const int PageSize = 100;

    /// <summary>In larger workspaces some names are not found.</summary>
    private const int MaxPages = 20;

    private const int MaxName = 200;

    private const int MaxNotUsers = 10_000;

    private static readonly TimeSpan AuthorsExpireAfter = TimeSpan.FromMinutes(10);

    private readonly HashSet<long> _notUsers = [];
    private readonly Dictionary<long, string> _authors = [];
    private int _pages;
    private bool _isComplete;
    private TimeSpan _completedAt;

    /// <param name="id">The member.</param>
    /// <param name="now">The time on a monotonic clock.</param>
    public NameStep Next(long id, TimeSpan now)
    {
        if (_isComplete && now - _completedAt >= AuthorsExpireAfter) Clear();
        if (!_notUsers.Contains(id)) return new NameStep(string.Create(CultureInfo.InvariantCulture, $"user/{id}"), Name: null);
        if (_authors.TryGetValue(id, out var name)) return new NameStep(Path: null, name);
        if (_isComplete) return default;
        var offset = _pages * PageSize;
        return new NameStep(string.Create(CultureInfo.InvariantCulture, $"author?type=user&limit={PageSize}&offset={offset}"), Name: null);
    }

    /// <summary>Takes a conclusive response to the request of <see cref="Next"/> and returns the next step.</summary>
    public NameStep Received(long id, QaseResponse response, TimeSpan now)
    {
        if (_notUsers.Contains(id))
        {
            AddAuthors(response, now);
            return Next(id, now);
        }

        if (NameIn(response.Result) is { } name) return new NameStep(Path: null, name);
        if (_notUsers.Count >= MaxNotUsers) _notUsers.Clear();
        _notUsers.Add(id);
        return Next(id, now);
    }

    private void AddAuthors(QaseResponse response, TimeSpan now)
    {
        var entries = response.Result.Get("entities") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        foreach (var entry in entries)
        {
            if (entry.Get("entity_type").AsText() == "user" && entry.Get("entity_id").AsInteger() is { } id && NameIn(entry) is { } name)
                _authors[id] = name;
        }

        _pages++;
        if (entries.Count >= PageSize && _pages < MaxPages) return;
        _isComplete = true;
        _completedAt = now;
    }

    // Also forgets which ids are not users: they may have become users.
    private void Clear()
    {
        _notUsers.Clear();
        _authors.Clear();
        _pages = 0;
        _isComplete = false;
    }

    private static string? NameIn(JsonElement person) =>
        person.Get("name").AsText()?.Trim() is { Length: > 0 and <= MaxName } name ? name : null;
}

/// <summary>The next step of a search for a name.</summary>
/// <param name="Path">What to request next; null when the search has ended.</param>
/// <param name="Name">The name when the search has ended; null when Qase has none.</param>
internal readonly record struct NameStep(string? Path, string? Name);
