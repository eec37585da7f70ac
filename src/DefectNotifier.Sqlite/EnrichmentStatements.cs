using DefectNotifier.Outbox;
using Microsoft.Data.Sqlite;

namespace DefectNotifier.Sqlite;

/// <summary>The prepared statements of the one connection that writes, as far as they are about what Qase is asked for.</summary>
internal sealed class EnrichmentStatements(SqliteConnection connection) : IDisposable
{
    private const int MaxSeen = 1024;

    /// <summary>A name that is wanted already is looked for again only after this: a burst has one author.</summary>
    private static readonly TimeSpan WhileWanted = TimeSpan.FromSeconds(10);

    private readonly Statement _insert = new(connection, OutboxSql.InsertEnrichmentRequest, "$source", "$kind", "$project", "$number", "$at", "$again");
    private readonly Statement _delete = new(connection, OutboxSql.DeleteEnrichmentRequest, "$number", "$kind", "$project", "$source");
    private readonly Statement _end = new(connection, OutboxSql.EndEnrichmentRequest, "$number", "$kind", "$project", "$source", "$at");
    private readonly Statement _defer = new(connection, OutboxSql.DeferEnrichmentRequest, "$number", "$kind", "$project", "$source", "$at");
    private readonly Statement _deleteOfDefect = new(connection, OutboxSql.DeleteEnrichmentRequestOfDefect, "$id");
    private readonly Statement _findPerson = new(connection, OutboxSql.ReadPerson, "$number", "$source");
    private readonly Statement _savePerson = new(connection, OutboxSql.SavePerson, "$number", "$source", "$name", "$at");
    private readonly Statement _deleteOldPersons = new(connection, OutboxSql.DeleteOldPersons, "$before");

    // Until when nothing needs to be read for a member's id.
    private readonly Dictionary<(string Source, long Id), (DateTimeOffset From, DateTimeOffset Until)> _seen = [];

    /// <summary>Makes a wish, unless it is there or was given up a short while ago. True when there is something new to ask for.</summary>
    public bool Add(EnrichmentRequest request, DateTimeOffset at)
    {
        var (number, kind, project) = KeyOf(request);
        return _insert.Run(request.Source, kind, project, number, at.ToColumn(), (at - IEnrichmentStore.AgainAfter).ToColumn()) > 0;
    }

    /// <summary>EnrichmentRequests for the name of a member unless it is known and fresh. Costs next to nothing for one who has been seen before.</summary>
    public bool AddName(string source, long id, DateTimeOffset at)
    {
        if (_seen.TryGetValue((source, id), out var seen) && at >= seen.From && at < seen.Until) return false;
        var known = Find(source, id);
        var isFresh = known?.IsFresh(at) == true;
        if (_seen.Count >= MaxSeen) _seen.Clear();
        _seen[(source, id)] = (at, isFresh ? known!.FreshUntil : at + WhileWanted);
        return !isFresh && Add(EnrichmentRequest.Name(source, id), at);
    }

    public KnownName? Find(string source, long id)
    {
        using var row = _findPerson.Query(id, source);
        return row.Read() ? new KnownName(row.GetStringOrNull(0), row.GetTime(1)) : null;
    }

    public void SaveName(string source, long id, string? name, DateTimeOffset at) => _savePerson.Run(id, source, name, at.ToColumn());

    public void Delete(EnrichmentRequest request)
    {
        var (number, kind, project) = KeyOf(request);
        _delete.Run(number, kind, project, request.Source);
    }

    /// <summary>It is over and stays remembered.</summary>
    public void End(EnrichmentRequest request, DateTimeOffset at)
    {
        var (number, kind, project) = KeyOf(request);
        _end.Run(number, kind, project, request.Source, at.ToColumn());
    }

    public void Defer(EnrichmentRequest request, DateTimeOffset until)
    {
        var (number, kind, project) = KeyOf(request);
        _defer.Run(number, kind, project, request.Source, until.ToColumn());
    }

    /// <param name="defectId">The row of the defect.</param>
    public void DeleteOf(long defectId) => _deleteOfDefect.Run(defectId);

    /// <summary>Forgets whom nobody has asked about since.</summary>
    public void DeletePersons(DateTimeOffset toldBefore) => _deleteOldPersons.Run(toldBefore.ToColumn());

    /// <summary>A transaction was undone: what was seen in it may not be there.</summary>
    public void Forget() => _seen.Clear();

    public void Dispose()
    {
        _insert.Dispose();
        _delete.Dispose();
        _end.Dispose();
        _defer.Dispose();
        _deleteOfDefect.Dispose();
        _findPerson.Dispose();
        _savePerson.Dispose();
        _deleteOldPersons.Dispose();
    }

    private static (long Number, int Kind, string Project) KeyOf(EnrichmentRequest request) =>
        request.Defect is { } defect ? (defect.Id, EnrichmentReader.DefectKind, defect.ProjectCode) : (request.TeamMemberId, EnrichmentReader.NameKind, "");
}
