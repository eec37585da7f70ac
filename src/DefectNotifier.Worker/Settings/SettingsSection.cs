using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Files;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// Reads one section key by key, so that all errors are reported together, each with its path, and a key that no one reads is an error.
/// </summary>
internal sealed class SettingsSection(SettingsNode section, List<string> errors)
{
    /// <summary>A secret may also be given as the path of a file, under its key with this suffix.</summary>
    public const string FileSuffix = "File";

    private const int MaxFileBytes = 64 * 1024;

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

    /// <summary>Trimmed text; null when it is missing or blank. A section or a list is an error.</summary>
    public string? Text(string key)
    {
        var isFirst = !_known.Contains(key);
        var node = Read(key);
        if (isFirst && node.GetChildren().Any()) Error(key, "is a section or a list; expected a single value.");
        return TextOf(node);
    }

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

    /// <summary>True or false in place of a section; null when neither is written.</summary>
    public bool? Switch(string key)
    {
        var node = Read(key);
        if (TextOf(node) is not { } text) return null;
        if (!bool.TryParse(text, out var flag)) Error(key, $"'{text}' is not true, false or a section.");
        if (node.GetChildren().Any()) Error(key, "is both a single value and a section; remove one of the two.");
        return flag;
    }

    /// <summary>A time zone of this machine by its name; null when there is none, or an unknown one, which is an error.</summary>
    public TimeZoneInfo? TimeZone(string key)
    {
        if (Text(key) is not { } id) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)) return zone;
        Error(key, $"'{id}' is not a time zone of this machine; expected a name such as 'Europe/Berlin' or 'UTC'."
            + Suggestion.For(id, TimeZoneInfo.GetSystemTimeZones().Select(each => each.Id)));
        return null;
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

    /// <summary>The address of a listener, plain http.</summary>
    public Uri ListenUrl(Uri defaultUrl)
    {
        const string Key = "Url";
        if (Text(Key) is not { } text) return defaultUrl;
        // ASP.NET Core writes "every address" as "*" or "+".
        var written = text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (Uri.TryCreate(written, UriKind.Absolute, out var url) && url.Scheme == "http" && url.AbsolutePath == "/"
            && (url.Host == "localhost" || url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)) return url;
        Error(Key, $"'{text}' is not an address to listen on; expected http://IP:PORT, for example http://0.0.0.0:8080. "
            + "For https, put a reverse proxy in front.");
        return defaultUrl;
    }

    /// <summary>True when the key is written, even without a value.</summary>
    public bool Has(string key) => section.GetChildren().Any(child => string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase));

    /// <summary>A list. A single value is a list with one entry; a text with a JSON list (from a variable) is that list.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        var list = Read(key);
        var items = list.GetChildren().ToList();
        if (TextOf(list) is { } single)
        {
            if (items.Count > 0) Error(key, "is both a single value and a list; remove one of the two.");
            return single[0] == '[' ? JsonTexts(key, single) : [single];
        }

        var texts = new List<string>();
        foreach (var item in items)
        {
            if (!SettingsNode.IsNumber(item.Key)) errors.Add($"{item.Path}: is not an entry of a list; its entries are numbered from 0.");
            else if (item.Value?.Trim() is { Length: > 0 } text) texts.Add(text);
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
        if (texts.Count == 0 && Has(key)) Error(key, "is empty; leave it out to match everything.");
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

    /// <summary>Reports an error when this section's name is not a valid name of a source.</summary>
    public void RequireSourceName(string name, string what)
    {
        if (name.Length == 0 || !IngressOptions.IsSourceName(name))
        {
            Error("", $"a {what}'s name is the NAME in /webhooks/qase/NAME: 1 to {IngressOptions.MaxSourceName} letters, digits, "
                + "'-', '_' or '.'.");
        }
        else if (SecretMask.IsNeeded(name)) Error("", $"looks like a token or an address; a {what}'s name is shown in logs.");
    }

    public SettingsSection Section(string key) => new(Read(key), errors);

    /// <summary>The children of a map or of a list, with their keys.</summary>
    public IEnumerable<(string Key, SettingsSection Section)> Children() =>
        section.GetChildren().Select(child => (child.Key, new SettingsSection(child, errors)));

    /// <summary>Reports every key that was not read.</summary>
    public void RejectUnknownKeys()
    {
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

    private IReadOnlyList<string> JsonTexts(string key, string text)
    {
        try
        {
            var list = JsonElement.Parse(text);
            if (list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(IsText))
                return [.. list.EnumerateArray().Select(item => item.GetString()!.Trim())];
        }
        catch (JsonException)
        {
            // Reported below.
        }

        Error(key, "starts with '[' but is not a list of texts in JSON, such as [\"A\", \"B\"].");
        return [];
    }

    private static string? TextOf(SettingsNode node) => node.Value?.Trim() is { Length: > 0 } text ? text : null;

    private static bool IsText(JsonElement item) => item.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(item.GetString());

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
            var text = RegularFile.ReadText(path, MaxFileBytes).Trim();
            if (text.Length > 0) return text;
            Error(fileKey, "names a file that is empty.");
        }
        catch (IOException error)
        {
            Error(fileKey, $"names a file that can't be read: it {error.Message}.");
        }

        return null;
    }
}
