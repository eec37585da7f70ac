using System.Security.Cryptography;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker;

/// <summary>Makes destinations of settings that were found good.</summary>
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
            Timeout = options.Timeout,
            Sender = type.CreateSender(options),
            SettingsDigest = DigestOf(options),
        };
    }

    // Kept beside a parked lane, to notice that somebody mended its settings. Tokens and URLs are long random text: their digest gives nothing away.
    private static string DigestOf(DestinationOptions options) => Convert.ToHexStringLower(SHA256.HashData(SettingsJson.WithSecrets(options)))[..16];
}
