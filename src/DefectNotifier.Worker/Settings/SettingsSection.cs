using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// Reads one section key by key, so that all errors are reported together, each with its path, and a key that no one reads is an error.
/// </summary>
internal sealed class SettingsSection(SettingsNode section, List<string> errors)
{
    /// <summary>A secret may also be given as the path of a file, under its key with this suffix.</summary>
    public const string FileSuffix = "File";

    /// <summary>Names before 1.0, and what they are called now.</summary>
    private static readonly Dictionary<string, string> RenamedKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Pace"] = "RateLimit",
        ["Conversation"] = "MessageMode",
        ["FirstRetry"] = "InitialBackoff",
        ["LongestRetry"] = "MaxBackoff",
        ["LongestResend"] = "MaxResendDelay",
    };

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public void Error(string key, string message) => errors.Add($"{(key.Length == 0 ? section.Path : $"{section.Path}:{key}")}: {message}");

    public void ErrorNotOneOf(string key, string text, IReadOnlyCollection<string> known) =>
        Error(key, $"'{text}' is not one of {string.Join(", ", known)}.{Suggestion.For(text, known)}");

    /// <summary>Trimmed text; null when it is missing or blank.</summary>
    public string? Text(string key) => Read(key).Value is { } value && value.Trim() is { Length: > 0 } text ? text : null;

    public int Integer(string key, int defaultValue, int min, int max) =>
        Number(key, defaultValue, min, max, NumberStyles.AllowLeadingSign, $"a whole number from {min} to {max}");

    /// <summary>A number of bytes, without a unit.</summary>
    public long Bytes(string key, long defaultValue, long min, long max) => Number(
        key, defaultValue, min, max, NumberStyles.AllowLeadingSign, $"a number of bytes from {min} to {max}, such as {defaultValue}");

    public double Number(string key, double defaultValue, double min, double max) =>
        Number(key, defaultValue, min, max, NumberStyles.Float, $"a number from {min} to {max}");

    public bool Flag(string key, bool defaultValue)
    {
        if (Text(key) is not { } text) return defaultValue;
        if (bool.TryParse(text, out var flag)) return flag;
        Error(key, $"'{text}' is neither true nor false.");
        return defaultValue;
    }

    /// <summary>One of a few words, in any case and with or without dashes: <c>on-resolve</c>, <c>OnResolve</c>.</summary>
    public T Choice<T>(string key, T defaultValue)
        where T : struct, Enum
    {
        if (Text(key) is not { } text) return defaultValue;
        var policy = JsonNamingPolicy.KebabCaseLower;
        var known = Enum.GetValues<T>().ToDictionary(value => policy.ConvertName(value.ToString()), StringComparer.Ordinal);
        foreach (var (word, value) in known)
        {
            if (string.Equals(WithoutDashes(word), WithoutDashes(text), StringComparison.OrdinalIgnoreCase)) return value;
        }

        ErrorNotOneOf(key, text, known.Keys);
        return defaultValue;
    }

    /// <summary>A time span, see <see cref="DurationText"/>.</summary>
    public TimeSpan Duration(string key, TimeSpan defaultValue, TimeSpan min, TimeSpan max)
    {
        if (Text(key) is not { } text) return defaultValue;
        if (DurationText.TryParse(text, out var duration) && duration >= min && duration <= max) return duration;
        Error(key, $"'{text}' is not a time from {min} to {max}, such as 15s, 10m, 24h or 00:00:15.");
        return defaultValue;
    }

    public Uri? Url(string key)
    {
        if (Text(key) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        Error(key, "is not an absolute http or https address.");
        return null;
    }

    /// <summary>A list; a single value counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var list = Read(key);
        if (list.Value is { } single) return single.Trim() is { Length: > 0 } text ? [text] : [];
        var texts = new List<string>();
        foreach (var item in list.GetChildren())
        {
            if (item.Value?.Trim() is { Length: > 0 } text) texts.Add(text);
            else errors.Add($"{item.Path}: is empty or not a text.");
        }

        return texts;
    }

    /// <summary>
    /// A list of conditions. A missing list matches everything, so an empty list, or several words in one text, is an error.
    /// </summary>
    public IReadOnlyList<string> Filter(string key)
    {
        var texts = Texts(key);
        if (texts.Count == 0 && section.GetChildren().Any(child => string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase)))
            Error(key, "is empty; leave it out to match everything.");
        foreach (var text in texts.Where(text => text.AsSpan().IndexOfAny(',', ';', ' ') >= 0))
            Error(key, $"'{text}' is one text; write several as a list: [ \"A\", \"B\" ].");
        return texts;
    }

    /// <summary>A secret: the key itself, or the content of the file that <c>{key}File</c> names.</summary>
    public Secret? Secret(string key) => Delivery.Sending.Secret.From(ReadFile(key) ?? Text(key));

    /// <summary>Several secrets: the list itself, or the lines of the file that <c>{key}File</c> names.</summary>
    public IReadOnlyList<Secret> Secrets(string key)
    {
        var texts = ReadFile(key) is { } file
            ? file.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : Texts(key);
        return [.. texts.Select(text => new Secret(text))];
    }

    /// <summary>The name of a destination, spelled as under <c>Destinations</c>; null when it is missing.</summary>
    public string? Destination(string key, IReadOnlyCollection<string> destinations) =>
        Text(key) is { } name ? Known(key, name, destinations) : null;

    /// <summary>A list of names of destinations, spelled as under <c>Destinations</c>.</summary>
    public IReadOnlyList<string> Destinations(string key, IReadOnlyCollection<string> destinations) =>
        [.. Texts(key).Select((name, index) => Known($"{key}:{index}", name, destinations) ?? name)];

    public SettingsSection Section(string key) => new(Read(key), errors);

    /// <summary>The children of a map or of a list, with their keys.</summary>
    public IEnumerable<(string Key, SettingsSection Section)> Children() =>
        section.GetChildren().Select(child => (child.Key, new SettingsSection(child, errors)));

    /// <summary>Reports every key that was not read.</summary>
    public void RejectUnknownKeys(IEnumerable<string>? alsoKnown = null)
    {
        foreach (var key in alsoKnown ?? []) _known.Add(key);
        RejectValue("settings");
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
        {
            errors.Add(RenamedKeys.TryGetValue(child.Key, out var name) && _known.Contains(name)
                ? $"{child.Path}: was renamed; write {name}."
                : $"{child.Path}: is not a setting.{Suggestion.For(child.Key, _known)}");
        }
    }

    /// <summary>Reports a single value where a group or a list is expected.</summary>
    public void RejectValue(string expected)
    {
        if (!string.IsNullOrEmpty(section.Value)) Error("", $"is a single value; expected {expected}.");
    }

    private T Number<T>(string key, T defaultValue, T min, T max, NumberStyles style, string expected)
        where T : INumber<T>
    {
        if (Text(key) is not { } text) return defaultValue;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Error(key, $"'{text}' is not {expected}.");
        return defaultValue;
    }

    private SettingsNode Read(string key)
    {
        _known.Add(key);
        return section.GetSection(key);
    }

    private string? Known(string key, string name, IReadOnlyCollection<string> destinations)
    {
        if (destinations.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        Error(key, $"names destination '{name}', which does not exist.{Suggestion.For(name, destinations)}");
        return null;
    }

    private static string WithoutDashes(string text) => text.Replace("-", "", StringComparison.Ordinal);

    private string? ReadFile(string key)
    {
        var fileKey = key + FileSuffix;
        if (Text(fileKey) is not { } path) return null;
        if (Read(key).Exists()) Error(fileKey, $"is set together with {key}; remove one of the two.");
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length > 0) return text;
            Error(fileKey, "names a file that is empty.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Error(fileKey, $"names a file that can't be read ({error.GetType().Name}).");
        }

        return null;
    }
}
