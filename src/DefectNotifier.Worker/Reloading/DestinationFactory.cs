using System.Security.Cryptography;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Reloading;

/// <summary>Creates destinations from valid settings.</summary>
internal static class DestinationFactory
{
    public static Destination Create(DestinationOptions options, IReadOnlyList<IDestinationType> types)
    {
        var type = types.Single(candidate => candidate.Name == options.Type);
        return new Destination
        {
            Name = options.Name,
            Platform = type.PlatformOf(options),
            Limits = type.LimitsOf(options),
            LookupLimit = type.LookupLimitOf(options),
            ThreadLookupLimit = type.ThreadLookupLimitOf(options),
            UpdateLimit = type.UpdateLimitOf(options),
            WhenUnsure = options.WhenUnsure,
            TimeZone = options.TimeZone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : null,
            Digest = options.Digest,
            Timeout = options.Timeout,
            Sender = type.CreateSender(options),
            SettingsDigest = DigestOf(options),
        };
    }

    // Stored with a parked lane, to notice that its settings were changed. Tokens and URLs are long random texts that a digest does not
    // reveal.
    private static string DigestOf(DestinationOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData(SettingsJson.WithSecrets(options)))[..16];
}
