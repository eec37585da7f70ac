using System.Collections.Frozen;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Http;

/// <summary>
/// Decides whether a webhook's secret is accepted. A source with secrets of its own accepts no others, so that the secret of one source
/// cannot be used to send webhooks in the name of another.
/// </summary>
internal sealed class SourceSecrets(IngressOptions options)
{
    // Without regard to case, as for the source's account at Qase.
    private readonly FrozenDictionary<string, SecretCheck> _bySource = options.Sources.ToFrozenDictionary(
        source => source.Name, source => new SecretCheck(source.Secrets), StringComparer.OrdinalIgnoreCase);

    private readonly SecretCheck _others = new(options.Secrets);

    /// <summary>True when no secret is configured at all, or one that the source accepts was sent.</summary>
    /// <param name="source">The source's name; empty for a webhook without one.</param>
    /// <param name="sent">What the webhook sent; null: nothing.</param>
    public bool Passes(string source, string? sent) =>
        options.IsOpen || (_bySource.GetValueOrDefault(source) ?? _others).Contains(sent);
}
