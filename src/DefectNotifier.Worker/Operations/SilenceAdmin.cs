using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;

namespace DefectNotifier.Worker.Operations;

/// <summary>Carries out operator actions on silences.</summary>
/// <param name="silences">The store.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class SilenceAdmin(ISilences silences, TimeProvider time, ILogger<SilenceAdmin> logger)
{
    /// <summary>The silences that have not ended; with <paramref name="all"/>, also ended ones.</summary>
    public Task<IReadOnlyList<Silence>> ListAsync(bool all, CancellationToken cancellationToken) =>
        silences.ReadSilencesAsync(all ? null : time.GetUtcNow(), cancellationToken);

    public async Task<AdminResult<Silence>> AddAsync(SilenceRequest request, Operator by)
    {
        var now = time.GetUtcNow();
        var read = (request with { By = request.By ?? by.Name }).Read(now);
        if (read.Value is not { } silence) return read;
        if (await silences.AddSilenceAsync(silence, now) is not { } added) return AdminProblems.TooManySilences;
        Log.Added(logger, by.Title, added.Id, added.By, added.EndsAt, added.Why);
        return added;
    }

    public async Task<AdminResult<Silence>> ExpireAsync(long id, Operator by)
    {
        var now = time.GetUtcNow();
        if (await silences.ExpireSilenceAsync(id, now) is not { } before) return AdminProblems.UnknownSilence(id);
        if (before.EndsAt <= now) return AdminProblems.SilenceEnded(before);
        Log.Expired(logger, by.Title, id, before.By);
        return before with { EndsAt = now };
    }

    private static partial class Log
    {
        [LoggerMessage(503, LogLevel.Information, "{Operator} added silence {Silence} by {By} until {Until}: {Why}")]
        public static partial void Added(ILogger logger, string @operator, long silence, string by, DateTimeOffset until, string why);

        [LoggerMessage(504, LogLevel.Information, "{Operator} ended silence {Silence} by {By}")]
        public static partial void Expired(ILogger logger, string @operator, long silence, string by);
    }
}
