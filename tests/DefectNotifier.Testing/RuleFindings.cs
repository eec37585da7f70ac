using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>Collects what a rule checker finds, each with its path in the JSON; missing properties are findings, not exceptions.</summary>
internal sealed class RuleFindings
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    public void Add(string path, string rule) => _all.Add($"{path}: {rule}");

    public void Require(bool holds, string path, string rule)
    {
        if (!holds) Add(path, rule);
    }

    public void OnlyKnows(JsonElement element, string path, params string[] names)
    {
        foreach (var property in element.EnumerateObject())
            Require(names.Contains(property.Name), path, $"unknown property '{property.Name}'");
    }

    /// <summary>A text that is there, not blank and not too long; empty when it is not even a string.</summary>
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

    /// <summary>The elements of an array that must be there, with their paths.</summary>
    public IEnumerable<(JsonElement Item, string Path)> Items(JsonElement element, string path, string name, int least, int most)
    {
        if (!element.TryGetProperty(name, out var array) || array.ValueKind != JsonValueKind.Array)
        {
            Add(path, $"'{name}' is missing");
            return [];
        }

        var count = array.GetArrayLength();
        Require(count >= least, path, $"'{name}' has {count} elements, fewer than {least}");
        Require(count <= most, path, $"'{name}' has {count} elements, more than {most}");
        return array.EnumerateArray().Select((item, i) => (item, $"{path}/{name}/{i}"));
    }

    public void Choice(JsonElement element, string path, string name, params string[] words)
    {
        if (!element.TryGetProperty(name, out var property)) return;
        Require(words.Contains(property.ToString(), StringComparer.OrdinalIgnoreCase), path, $"'{name}' is '{property}'");
    }

    public void Flag(JsonElement element, string path, string name)
    {
        if (!element.TryGetProperty(name, out var property)) return;
        Require(property.ValueKind is JsonValueKind.True or JsonValueKind.False, path, $"'{name}' is no boolean");
    }
}
