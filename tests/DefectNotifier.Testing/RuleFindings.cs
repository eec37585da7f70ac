using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>Collects rule violations with their JSON paths. A missing property is a finding, not an exception.</summary>
internal sealed class RuleFindings
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public void Add(string path, string problem) => _all.Add($"{path}: {problem}");

    public void Require(bool holds, string path, string problem)
    {
        if (!holds) Add(path, problem);
    }

    public void OnlyKnows(JsonElement element, string path, params string[] names)
    {
        foreach (var property in element.EnumerateObject())
            Require(names.Contains(property.Name), path, $"unknown property '{property.Name}'");
    }

    /// <summary>
    /// Requires a text that is not empty and not too long. Returns an empty text when the property is missing or not a string.
    /// </summary>
    public string Text(JsonElement element, string path, string name, int limit)
    {
        if (!element.TryGetProperty(name, out var property) || property.ValueKind != JsonValueKind.String)
        {
            Add(path, $"'{name}' is missing");
            return "";
        }

        var text = property.GetString()!;
        Require(text.Length > 0, path, $"'{name}' is empty");
        Require(text.Length <= limit, path, $"'{name}' has {text.Length} characters, more than {limit}");
        return text;
    }

    public void Address(JsonElement element, string path, string name, int limit, params string[] schemes)
    {
        var text = Text(element, path, name, limit);
        if (text.Length == 0) return;
        var isGood = Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme);
        Require(isGood, path, $"'{name}' is not an absolute {string.Join('/', schemes)} address");
    }

    /// <summary>The elements of a required array, with their paths.</summary>
    public IEnumerable<(JsonElement Item, string Path)> Items(JsonElement element, string path, string name, int min, int max)
    {
        if (!element.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            Add(path, $"'{name}' is missing");
            return [];
        }

        var count = array.GetArrayLength();
        Require(count >= min, path, $"'{name}' has {count} elements, fewer than {min}");
        Require(count <= max, path, $"'{name}' has {count} elements, more than {max}");
        return array.EnumerateArray().Select((item, i) => (item, $"{path}/{name}/{i}"));
    }

    public void Choice(JsonElement element, string path, string name, params string[] values)
    {
        if (!element.TryGetProperty(name, out var property)) return;
        Require(values.Contains(property.ToString(), StringComparer.OrdinalIgnoreCase), path, $"'{name}' is '{property}'");
    }

    public void Flag(JsonElement element, string path, string name)
    {
        if (!element.TryGetProperty(name, out var property)) return;
        Require(property.ValueKind is JsonValueKind.True or JsonValueKind.False, path, $"'{name}' is not a boolean");
    }
}
