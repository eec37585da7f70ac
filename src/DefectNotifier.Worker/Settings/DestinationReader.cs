using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Destinations</c>; each destination type validates its own keys.</summary>
internal sealed class DestinationReader(IReadOnlyList<IDestinationType> types)
{
    private const int MaxNameLength = 64;
    private const double MinPerSecond = 0.001;

    public IReadOnlyList<DestinationOptions> Read(SettingsSection section)
    {
        section.RejectValue("a destination under each name");
        return [.. section.Children().Select(child => ReadOne(child.Key, child.Section)).OfType<DestinationOptions>()];
    }

    private DestinationOptions? ReadOne(string name, SettingsSection section)
    {
        if (name.Length > MaxNameLength || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
            section.Error("", $"a destination's name has 1 to {MaxNameLength} letters, digits, '-', '_' or '.'.");

        if (SecretMask.IsNeeded(name))
        {
            section.Error("", "looks like a token or an address, but a destination's name is shown in logs. Write a short name here, and "
                + "the secret as Token or Url.");
            return null;
        }

        var typeName = section.Text("Type");
        var type = types.FirstOrDefault(candidate => string.Equals(candidate.Name, typeName, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            var names = types.Select(candidate => candidate.Name).ToList();
            var expected = $"expected one of {string.Join(", ", names)}.";
            section.Error("Type", typeName is null
                ? $"is missing; {expected}"
                : $"'{typeName}' is not a destination type; {expected}{Suggestion.For(typeName, names)}");
            return null;
        }

        var options = new DestinationOptions
        {
            Name = name,
            Type = type.Name,
            Url = HasKey(type, "Url") ? section.Secret("Url") : null,
            Token = HasKey(type, "Token") ? section.Secret("Token") : null,
            Channel = HasKey(type, "Channel") ? section.Text("Channel") : null,
            ApiUrl = HasKey(type, "ApiUrl") ? section.Text("ApiUrl") : null,
            As = HasKey(type, "As") ? section.Text("As") : null,
            AllowedHosts = HasKey(type, "AllowedHosts") ? section.Texts("AllowedHosts") : [],
            TimeZone = section.TimeZone("TimeZone")?.Id,
            WhenUnsure = section.Choice("WhenUnsure", WhenUnsure.Resend),
            RateLimit = ReadRateLimit(section.Section("RateLimit"), type.DefaultRateLimit),
            Digest = ReadDigest(section),
            Timeout = section.Duration("Timeout", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        };
        section.RejectUnknownKeys();
        foreach (var error in type.Validate(options)) section.Error(error.Key, error.Message);
        return options;
    }

    private static bool HasKey(IDestinationType type, string key) => type.Keys.Contains(key, StringComparer.OrdinalIgnoreCase);

    // Null: switched off.
    private static DigestOptions? ReadDigest(SettingsSection destination)
    {
        var defaults = new DigestOptions();
        if (destination.Switch("Digest") is { } isOn) return isOn ? defaults : null;
        var section = destination.Section("Digest");
        var window = section.Duration("Window", defaults.Window, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        var maxWait = defaults.MaxWait < window ? defaults.MaxWait : window;
        var digest = new DigestOptions
        {
            // A lane counts the messages in one page (Lane.PageSize).
            Threshold = section.Integer("Threshold", defaults.Threshold, 1, 200),
            Window = window,
            MaxWait = section.Duration("MaxWait", maxWait, TimeSpan.Zero, window),
            Always = SeverityReader.ReadList(section, "Always", defaults.Always),
        };
        section.RejectUnknownKeys();
        return digest;
    }

    private static RateLimitOptions ReadRateLimit(SettingsSection section, RateLimitOptions defaults)
    {
        var rateLimit = new RateLimitOptions
        {
            PerSecond = section.Number("PerSecond", defaults.PerSecond, 0, 1000),
            Burst = section.Integer("Burst", defaults.Burst, 1, 1000),
        };
        // A lane with less than one message in a quarter of an hour would seem to hang, so it is probably a typo.
        if (rateLimit.PerSecond is > 0 and < MinPerSecond)
            section.Error("PerSecond", $"is less than {MinPerSecond}; 0 means no rate limit.");
        section.RejectUnknownKeys();
        return rateLimit;
    }
}
