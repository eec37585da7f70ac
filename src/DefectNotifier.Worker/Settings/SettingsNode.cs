namespace DefectNotifier.Worker.Settings;

/// <summary>
/// One setting or section of the merged configuration. The tree is built once from the key-value pairs of all sources. .NET's own
/// configuration scans every key for each section that is read, which is quadratic with a thousand destinations.
/// </summary>
internal sealed class SettingsNode
{
    private readonly Dictionary<string, SettingsNode> _children = new(StringComparer.OrdinalIgnoreCase);

    private SettingsNode(string key, string path)
    {
        Key = key;
        Path = path;
    }

    public string Key { get; }

    /// <summary>The full path, such as <c>Destinations:web-qa:Token</c>; empty for the root.</summary>
    public string Path { get; }

    public string? Value { get; private set; }

    /// <summary>The value at a path below this node; null when there is none.</summary>
    public string? this[string path]
    {
        get => GetSection(path).Value;
        set => Add(path).Value = value;
    }

    /// <param name="sources">
    /// The pairs of each source by full path. A later source wins; a key keeps the spelling of the first one. A list of plain values is
    /// replaced as a whole: otherwise an entry that the later source does not mention would stay, such as an old secret. A section replaces
    /// true or false, and the reverse.
    /// </param>
    public static SettingsNode From(params IEnumerable<IEnumerable<KeyValuePair<string, string?>>> sources)
    {
        var root = new SettingsNode("", "");
        foreach (var source in sources)
        {
            List<KeyValuePair<string, string?>> pairs = [.. source];
            foreach (var (path, value) in pairs) root.ReplaceOther(path, value);
            foreach (var (path, value) in pairs) root[path] = value;
        }

        return root;
    }

    /// <summary>True for the key of an entry of a list.</summary>
    public static bool IsNumber(string key) => key.Length > 0 && key.All(char.IsAsciiDigit);

    /// <summary>The node at a path below this one; an empty node when there is none.</summary>
    public SettingsNode GetSection(string path)
    {
        var node = this;
        foreach (var key in path.Split(ConfigurationPath.KeyDelimiter)) node = node._children.GetValueOrDefault(key) ?? node.NewChild(key);
        return node;
    }

    /// <summary>The children in .NET's order: numbers by value, then names.</summary>
    public IEnumerable<SettingsNode> GetChildren() => _children.Values.OrderBy(child => child.Key, ConfigurationKeyComparer.Instance);

    public bool Exists() => Value is not null || _children.Count > 0;

    /// <summary>Every value below this node, by its path relative to this node.</summary>
    public IEnumerable<KeyValuePair<string, string>> Values() => _children.Values.SelectMany(child =>
        (child.Value is { } value ? [KeyValuePair.Create(child.Key, value)] : Enumerable.Empty<KeyValuePair<string, string>>())
        .Concat(child.Values().Select(pair => KeyValuePair.Create(ConfigurationPath.Combine(child.Key, pair.Key), pair.Value))));

    // Removes the entries of earlier sources when this pair is an entry of the same list, or a value in place of the list; the keys of a
    // section when this pair is a flag; and a flag when this pair is in a section.
    private void ReplaceOther(string path, string? value)
    {
        if (bool.TryParse(value, out _)) GetSection(path)._children.Clear();
        if (!string.IsNullOrWhiteSpace(value)) RemoveFlagsAbove(path);
        var end = path.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
        if (end > 0 && IsNumber(path[(end + 1)..])) GetSection(path[..end]).RemoveList();
        else if (!string.IsNullOrWhiteSpace(value)) GetSection(path).RemoveList();
    }

    private void RemoveFlagsAbove(string path)
    {
        var node = this;
        foreach (var key in path.Split(ConfigurationPath.KeyDelimiter)[..^1])
        {
            if (!node._children.TryGetValue(key, out var child)) return;
            node = child;
            if (bool.TryParse(node.Value, out _)) node.Value = null;
        }
    }

    private void RemoveList()
    {
        var entries = _children.Where(child => IsNumber(child.Key) && child.Value._children.Count == 0).Select(child => child.Key).ToList();
        foreach (var key in entries) _children.Remove(key);
        Value = null;
    }

    private SettingsNode Add(string path)
    {
        var node = this;
        foreach (var key in path.Split(ConfigurationPath.KeyDelimiter))
        {
            if (!node._children.TryGetValue(key, out var child)) node._children.Add(key, child = node.NewChild(key));
            node = child;
        }

        return node;
    }

    private SettingsNode NewChild(string key) => new(key, Path.Length == 0 ? key : ConfigurationPath.Combine(Path, key));
}
