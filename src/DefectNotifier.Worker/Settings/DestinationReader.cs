using DefectNotifier.Delivery.RateLimits;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Destinations</c>; what each type needs, the type itself says.</summary>
internal sealed class DestinationReader(IReadOnlyList<IDestinationType> types)
{
    private const int MaxNameLength = 64;
    private const double SlowestRate = 0.001;

    public IReadOnlyList<DestinationOptions> Read(SettingsSection section)
    {
        section.RefuseValue("a destination under each name");
        return [.. section.Children().Select(child => ReadOne(child.Key, child.Section)).OfType<DestinationOptions>()];
    }

    private DestinationOptions? ReadOne(string name, SettingsSection section)
    {
        if (name.Length > MaxNameLength || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
            section.Error("", $"a destination's name has 1 to {MaxNameLength} letters, digits, '-', '_' or '.'.");

        var typeName = section.Text("Type");
        var type = types.FirstOrDefault(candidate => string.Equals(candidate.Name, typeName, StringComparison.OrdinalIgnoreCase));
        if (type is null)
        {
            var known = string.Join(", ", types.Select(candidate => candidate.Name));
            section.Error("Type", typeName is null
                ? $"is missing; expected one of {known}."
                : $"'{typeName}' is not a type of destination; expected one of {known}.{Suggestion.For(typeName, types.Select(candidate => candidate.Name))}");
            return null;
        }

        var options = new DestinationOptions
        {
            Name = name,
            Type = type.Name,
            Url = Takes(type, "Url") ? section.Secret("Url") : null,
            Token = Takes(type, "Token") ? section.Secret("Token") : null,
            Channel = Takes(type, "Channel") ? section.Text("Channel") : null,
            ApiUrl = Takes(type, "ApiUrl") ? section.Text("ApiUrl") : null,
            As = Takes(type, "As") ? section.Text("As") : null,
            AllowedHosts = Takes(type, "AllowedHosts") ? section.Texts("AllowedHosts") : [],
            WhenUnsure = section.Choice("WhenUnsure", WhenUnsure.Resend),
            RateLimit = ReadRateLimit(section.Section("RateLimit"), type.DefaultRateLimit),
            Timeout = section.Duration("Timeout", TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5)),
        };
        section.RefuseUnknown();
        foreach (var error in type.Validate(options)) section.Error(error.Key, error.Message);
        return options;
    }

    private static bool Takes(IDestinationType type, string key) => type.Keys.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static RateLimitOptions ReadRateLimit(SettingsSection section, RateLimitOptions standard)
    {
        var rateLimit = new RateLimitOptions
        {
            PerSecond = section.Number("PerSecond", standard.PerSecond, 0, 1000),
            Burst = section.Integer("Burst", standard.Burst, 1, 1000),
        };
        // Slower than one in a quarter of an hour is a slip: a lane would look as if it stood still.
        if (rateLimit.PerSecond is > 0 and < SlowestRate) section.Error("PerSecond", $"is less than {SlowestRate}; 0 switches pacing off.");
        section.RefuseUnknown();
        return rateLimit;
    }
}
