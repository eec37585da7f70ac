using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Telemetry;
using DefectNotifier.Worker.Settings;
using Microsoft.Extensions.Options;

namespace DefectNotifier.Worker.Reloading;

/// <summary>
/// Activates changed settings and templates together. Settings with an error are rejected as a whole, with all other changes. A template
/// with an error keeps its last good version, and the rest is activated.
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
    private volatile string? _lastDigest;

    public ReloadState State => _state;

    /// <summary>Reads settings and templates without activating them.</summary>
    public Candidate Read()
    {
        lock (_lock)
        {
            try
            {
                var loaded = load();
                var templates = TemplateStore.DigestOf(loaded.Settings.Templates, current.Value.Templates);
                return new Candidate(loaded, [], ConfigurationFactory.DigestOf(loaded, templates));
            }
            catch (SettingsException error)
            {
                // The digest includes the templates: a template that is edited while the settings have errors is rejected and logged again.
                return new Candidate(Loaded: null, error.Errors, string.Join('\n', [.. error.Errors, DigestOfTemplates()]));
            }
            catch (TemplateFolderException error)
            {
                IReadOnlyList<string> errors = [ErrorOf(error)];
                return new Candidate(Loaded: null, errors, errors[0]);
            }
        }
    }

    /// <summary>True when no reload has activated or rejected it yet.</summary>
    public bool IsNew(Candidate candidate) => candidate.Digest != _lastDigest;

    /// <summary>Reads settings and templates and activates them, or rejects them. One reload at a time.</summary>
    /// <param name="trigger">What requested the reload; logged when nothing has changed. Null when polling found the change.</param>
    /// <param name="expected">
    /// What an earlier read found. Nothing is done when the files differ from it, because they are still being written, or when another
    /// reload has already handled it. Null: reload in any case.
    /// </param>
    /// <returns>Null when nothing was done.</returns>
    public ReloadResult? Reload(string? trigger, Candidate? expected = null)
    {
        lock (_lock)
        {
            var candidate = Read();
            if (expected is not null && (candidate.Digest != expected.Digest || !IsNew(candidate))) return null;
            _lastDigest = candidate.Digest;
            return candidate.Loaded is { } loaded ? Apply(loaded, trigger) : Reject(candidate.Errors);
        }
    }

    private ReloadResult Apply(LoadedSettings loaded, string? trigger)
    {
        var before = current.Value;
        var waits = RestartSettings.Differing(before.Settings, loaded.Settings);
        var kept = waits.Count == 0 ? loaded : loaded.With(RestartSettings.Keep(before.Settings, loaded.Settings));
        if (RestartSettings.ErrorsOf(kept.Settings).ToList() is { Count: > 0 } errors) return Reject(errors);

        NotifierConfiguration next;
        try
        {
            next = factory.Create(kept, before);
        }
        catch (TemplateFolderException error)
        {
            // The templates were readable a moment ago: try again at the next poll.
            _lastDigest = null;
            return Reject([ErrorOf(error)]);
        }

        var state = new ReloadState { BrokenTemplates = next.Templates.Errors, WaitsForRestart = waits };
        if (waits.Count > 0 && !waits.SequenceEqual(_state.WaitsForRestart)) Log.WaitsForRestart(logger, string.Join(", ", waits));
        return next.Digest == before.Digest ? Keep(before, state, trigger) : Activate(before, next, state, kept);
    }

    private ReloadResult Activate(NotifierConfiguration before, NotifierConfiguration next, ReloadState state, LoadedSettings loaded)
    {
        var changes = ConfigurationChanges.Between(before, next);
        // The configuration before the lanes, so that no event is planned for a destination that was removed.
        current.Replace(next);
        lanes.Reconcile();
        logging.Replace(loaded);
        // The host reads it when it stops.
        host.Value.ShutdownTimeout = loaded.Settings.Delivery.StopWithin;
        _state = state;
        metrics.CountReload("applied");
        Log.Activated(logger, next.Version, before.Version, changes.Count > 0 ? string.Join(", ", changes) : "Logging changed");
        return new ReloadResult(next, state, changes);
    }

    private ReloadResult Keep(NotifierConfiguration before, ReloadState state, string? trigger)
    {
        var hadErrors = _state.HasErrors;
        _state = state;
        if (state.HasErrors) metrics.CountReload("rejected");
        else if (hadErrors) Log.ErrorsFixed(logger, before.Version);
        else if (trigger is not null) Log.NothingChanged(logger, trigger, before.Version);
        return new ReloadResult(before, state, []);
    }

    private ReloadResult Reject(IReadOnlyList<string> errors)
    {
        var before = current.Value;
        _state = _state with { Rejected = errors, RejectedAt = time.GetUtcNow() };
        metrics.CountReload("rejected");
        Log.Rejected(logger, before.Version, string.Concat(errors.Select(error => Environment.NewLine + "  " + error)));
        return new ReloadResult(before, _state, []);
    }

    private string DigestOfTemplates()
    {
        try
        {
            return TemplateStore.DigestOf(current.Value.Settings.Templates, current.Value.Templates);
        }
        catch (TemplateFolderException error)
        {
            return error.Message;
        }
    }

    private static string ErrorOf(TemplateFolderException error) => $"Templates:Path: {error.Message}";

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "Configuration {Version} is active and replaces {Before}: {Changes}")]
        public static partial void Activated(ILogger logger, string version, string before, string changes);

        [LoggerMessage(
            11, LogLevel.Error, "The changed configuration was rejected as a whole; {Version} stays active. Fix these errors:{Errors}")]
        public static partial void Rejected(ILogger logger, string version, string errors);

        [LoggerMessage(12, LogLevel.Warning, "These changed settings take effect only after a restart: {Settings}")]
        public static partial void WaitsForRestart(ILogger logger, string settings);

        [LoggerMessage(13, LogLevel.Information, "The errors in settings and templates are fixed; configuration {Version} is active")]
        public static partial void ErrorsFixed(ILogger logger, string version);

        [LoggerMessage(
            14, LogLevel.Information, "{Trigger}: settings and templates have not changed; configuration {Version} stays active")]
        public static partial void NothingChanged(ILogger logger, string trigger, string version);
    }
}

/// <summary>What the files contain at one moment: settings or their errors. Any change of the files or errors changes the digest.</summary>
internal sealed record Candidate(LoadedSettings? Loaded, IReadOnlyList<string> Errors, string Digest);
