using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Rendering;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Options;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Puts changed settings and templates in force, all of it at one moment. Settings with an error are refused as a whole, together with whatever else was changed;
/// a template with an error stays as it was, and the rest takes effect.
/// </summary>
internal sealed partial class Reloader(
    Func<LoadedSettings> load,
    CurrentConfiguration current,
    ConfigurationFactory factory,
    LaneHost lanes,
    LiveLogging logging,
    IOptions<HostOptions> host,
    NotifierMetrics metrics,
    TimeProvider time,
    ILogger<Reloader> logger)
{
    private readonly Lock _lock = new();
    private volatile ReloadState _state = new() { BrokenTemplates = current.Value.Templates.Errors };
    private volatile string? _seen;

    public ReloadState State => _state;

    /// <summary>Reads what the files say now, without a consequence.</summary>
    public Candidate Style()
    {
        try
        {
            var loaded = load();
            return new Candidate(loaded, [], ConfigurationFactory.DigestOf(loaded, TemplateStore.DigestOf(loaded.Settings.Templates)));
        }
        catch (SettingsException error)
        {
            // With the templates: an edit of them while the settings are faulty is news, and is refused aloud.
            return new Candidate(Loaded: null, error.Errors, string.Join('\n', [.. error.Errors, DigestOfTemplates()]));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            IReadOnlyList<string> errors = [$"Templates:Path: can't be read ({error.GetType().Name})."];
            return new Candidate(Loaded: null, errors, errors[0]);
        }
    }

    /// <summary>True when it has not been reloaded from yet, applied or refused.</summary>
    public bool IsNews(Candidate candidate) => candidate.Digest != _seen;

    /// <summary>Reads everything anew and puts it in force, or says why not. One at a time.</summary>
    /// <param name="trigger">Who wants it, for the log, when nothing has changed; null: nobody in particular.</param>
    /// <param name="expected">
    /// What was seen before. When the files say something else by now, they are still being written, and when it is no news any more, somebody else was quicker: then nothing is done.
    /// Null: whatever they say.
    /// </param>
    /// <returns>Null when nothing was done.</returns>
    public ReloadResult? Reload(string? trigger, Candidate? expected = null)
    {
        lock (_lock)
        {
            var candidate = Style();
            if (expected is not null && (candidate.Digest != expected.Digest || !IsNews(candidate))) return null;
            _seen = candidate.Digest;
            return candidate.Loaded is { } loaded ? Apply(loaded, trigger) : Refuse(candidate.Errors);
        }
    }

    private ReloadResult Apply(LoadedSettings loaded, string? trigger)
    {
        var before = current.Value;
        var waits = RestartSettings.Differing(before.Settings, loaded.Settings);
        var kept = loaded with { Settings = RestartSettings.Keep(before.Settings, loaded.Settings) };
        if (RestartSettings.ErrorsOf(kept.Settings).ToList() is { Count: > 0 } errors) return Refuse(errors);

        NotifierConfiguration next;
        try
        {
            next = factory.Create(kept, before);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // They could be read a moment ago: it is tried again.
            _seen = null;
            return Refuse([$"Templates:Path: can't be read ({error.GetType().Name})."]);
        }

        var state = new ReloadState { BrokenTemplates = next.Templates.Errors, WaitsForRestart = waits };
        if (waits.Count > 0 && !waits.SequenceEqual(_state.WaitsForRestart)) Log.WaitsForRestart(logger, string.Join(", ", waits));
        return next.Digest == before.Digest ? Stay(before, state, trigger) : Exchange(before, next, state, kept);
    }

    private ReloadResult Exchange(NotifierConfiguration before, NotifierConfiguration next, ReloadState state, LoadedSettings loaded)
    {
        var changes = ConfigurationChanges.Between(before, next);
        // First what new events go by, then the lanes: an event never goes to a destination that is gone already.
        current.Exchange(next);
        lanes.Reconcile();
        logging.Replace(loaded);
        // The host asks for it when it stops.
        host.Value.ShutdownTimeout = loaded.Settings.Delivery.StopWithin;
        _state = state;
        metrics.CountReload("applied");
        Log.Applied(logger, next.Version, before.Version, changes.Count > 0 ? string.Join(", ", changes) : "Logging changed");
        return new ReloadResult(next, state, changes);
    }

    private ReloadResult Stay(NotifierConfiguration before, ReloadState state, string? trigger)
    {
        var hadErrors = _state.HasErrors;
        _state = state;
        if (state.HasErrors) metrics.CountReload("refused");
        else if (hadErrors) Log.Mended(logger, before.Version);
        else if (trigger is not null) Log.NothingNew(logger, trigger, before.Version);
        return new ReloadResult(before, state, []);
    }

    private ReloadResult Refuse(IReadOnlyList<string> errors)
    {
        var before = current.Value;
        _state = _state with { Refused = errors, RefusedAt = time.GetUtcNow() };
        metrics.CountReload("refused");
        Log.Refused(logger, before.Version, string.Concat(errors.Select(error => Environment.NewLine + "  " + error)));
        return new ReloadResult(before, _state, []);
    }

    private string DigestOfTemplates()
    {
        try
        {
            return TemplateStore.DigestOf(current.Value.Settings.Templates);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.GetType().Name;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "Configuration {Version} is in force in place of {Before}: {Changes}")]
        public static partial void Applied(ILogger logger, string version, string before, string changes);

        [LoggerMessage(11, LogLevel.Error, "The changed configuration is refused as a whole and {Version} stays in force:{Errors}")]
        public static partial void Refused(ILogger logger, string version, string errors);

        [LoggerMessage(12, LogLevel.Warning, "These settings are used only at the start and wait for the next one: {Settings}")]
        public static partial void WaitsForRestart(ILogger logger, string settings);

        [LoggerMessage(13, LogLevel.Information, "The settings and templates are without errors again; configuration {Version} is in force")]
        public static partial void Mended(ILogger logger, string version);

        [LoggerMessage(14, LogLevel.Information, "{Trigger}: neither settings nor templates have changed; configuration {Version} stays in force")]
        public static partial void NothingNew(ILogger logger, string trigger, string version);
    }
}
