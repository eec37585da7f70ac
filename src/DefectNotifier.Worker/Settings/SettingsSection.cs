using System.Globalization;
using System.Text.Json;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// Reads one section by hand, so that all errors come together, each with its path, and a key that nobody asked for is an error.
/// </summary>
internal sealed class SettingsSection(IConfigurationSection section, List<string> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string Path => section.Path;

    public bool Exists => section.Exists();

    public void Error(string key, string message) => errors.Add($"{(key.Length == 0 ? section.Path : $"{section.Path}:{key}")}: {message}");

    /// <summary>Trimmed text; null when it is missing or blank.</summary>
    public string? Text(string key) => Ask(key).Value is { } value && value.Trim() is { Length: > 0 } text ? text : null;

    public int Integer(string key, int standard, int least, int most)
    {
        if (Text(key) is not { } text) return standard;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Error(key, $"'{text}' is not a whole number from {least} to {most}.");
        return standard;
    }

    /// <summary>A number of bytes, without a unit.</summary>
    public long Bytes(string key, long standard, long least, long most)
    {
        if (Text(key) is not { } text) return standard;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Error(key, $"'{text}' is not a number of bytes from {least} to {most}, such as {standard}.");
        return standard;
    }

    public double Number(string key, double standard, double least, double most)
    {
        if (Text(key) is not { } text) return standard;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Error(key, $"'{text}' is not a number from {least} to {most}.");
        return standard;
    }

    public bool Flag(string key, bool standard)
    {
        if (Text(key) is not { } text) return standard;
        if (bool.TryParse(text, out var flag)) return flag;
        Error(key, $"'{text}' is neither true nor false.");
        return standard;
    }

    /// <summary>One of a few words, in any case and with or without dashes: <c>on-resolve</c>, <c>OnResolve</c>.</summary>
    public T Choice<T>(string key, T standard)
        where T : struct, Enum
    {
        if (Text(key) is not { } text) return standard;
        var known = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        foreach (var (word, value) in known)
            if (string.Equals(word.Replace("-", "", StringComparison.Ordinal), text.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) return value;
        Error(key, $"'{text}' is not one of {string.Join(", ", known.Keys)}.{Suggestion.For(text, known.Keys)}");
        return standard;
    }

    /// <summary>A time span: <c>500ms</c>, <c>15s</c>, <c>10m</c>, <c>24h</c>, <c>7d</c>, or .NET's <c>1.02:03:04</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan standard, TimeSpan least, TimeSpan most)
    {
        if (Text(key) is not { } text) return standard;
        if (DurationText.TryParse(text, out var duration) && duration >= least && duration <= most) return duration;
        Error(key, $"'{text}' is not a time from {least} to {most}, such as 15s, 10m, 24h or 00:00:15.");
        return standard;
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
        var list = Ask(key);
        if (list.Value is { } single) return single.Trim() is { Length: > 0 } text ? [text] : [];
        var texts = new List<string>();
        foreach (var item in list.GetChildren())
        {
            if (item.Value?.Trim() is { Length: > 0 } text) texts.Add(text);
            else errors.Add($"{item.Path}: is empty or not a text.");
        }

        return texts;
    }

    /// <summary>A list that narrows something down: left out it matches everything, so an empty one, or several words in one, is a slip.</summary>
    public IReadOnlyList<string> Filter(string key)
    {
        var texts = Texts(key);
        if (texts.Count == 0 && section.GetChildren().Any(child => string.Equals(child.Key, key, StringComparison.OrdinalIgnoreCase)))
            Error(key, "is empty; leave it out to match everything.");
        foreach (var text in texts.Where(text => text.AsSpan().IndexOfAny(',', ';', ' ') >= 0))
            Error(key, $"'{text}' is one text; several are written as a list: [ \"A\", \"B\" ].");
        return texts;
    }

    /// <summary>A secret: the key itself, or the file that <c>{key}File</c> names.</summary>
    public Secret? Secret(string key) => FromFile(key) is { } file ? Delivery.Sending.Secret.From(file) : Delivery.Sending.Secret.From(Text(key));

    /// <summary>Several secrets: the list itself, or the lines of the file that <c>{key}File</c> names.</summary>
    public IReadOnlyList<Secret> Secrets(string key)
    {
        var texts = FromFile(key) is { } file ? file.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : Texts(key);
        return [.. texts.Select(text => new Secret(text))];
    }

    /// <summary>The name of a destination, in the spelling of the configuration; null when it is missing.</summary>
    public string? Destination(string key, IReadOnlyCollection<string> destinations)
    {
        if (Text(key) is not { } name) return null;
        if (destinations.FirstOrDefault(known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        Error(key, $"names destination '{name}', which does not exist.{Suggestion.For(name, destinations)}");
        return null;
    }

    public SettingsSection Section(string key) => new(Ask(key), errors);

    /// <summary>The children of a map or of a list, with their keys.</summary>
    public IEnumerable<(string Key, SettingsSection Section)> Children(string key) => Section(key).Children();

    public IEnumerable<(string Key, SettingsSection Section)> Children() => section.GetChildren().Select(child => (child.Key, new SettingsSection(child, errors)));

    /// <summary>Reports every key that was not asked for.</summary>
    public void RefuseUnknown(IEnumerable<string>? alsoKnown = null)
    {
        foreach (var key in alsoKnown ?? []) _known.Add(key);
        RefuseValue("settings");
        foreach (var child in section.GetChildren().Where(child => !_known.Contains(child.Key)))
            errors.Add($"{child.Path}: is not a setting.{Suggestion.For(child.Key, _known)}");
    }

    /// <summary>Reports a single value where a group or a list belongs.</summary>
    public void RefuseValue(string expected)
    {
        if (!string.IsNullOrEmpty(section.Value)) Error("", $"is a single value; expected {expected}.");
    }

    private IConfigurationSection Ask(string key)
    {
        _known.Add(key);
        return section.GetSection(key);
    }

    private string? FromFile(string key)
    {
        var fileKey = key + "File";
        if (Text(fileKey) is not { } path) return null;
        if (Ask(key).Exists()) Error(fileKey, $"stands beside {key}; one of the two must go.");
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
