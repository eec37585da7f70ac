using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// All settings of several sources as one, later sources win. It knows what lies under each key. The sources by themselves go through all keys that they have to find what lies under one of them, which
/// for a thousand destinations, looked at every two seconds, takes half a processor.
/// </summary>
internal sealed class SettingsTree : IConfigurationProvider
{
    // As .NET orders keys, numbers by their value; "1" and "01" are two all the same.
    private static readonly Comparer<string> Order = Comparer<string>.Create((one, other) =>
        ConfigurationKeyComparer.Instance.Compare(one, other) is not 0 and var order ? order : StringComparer.OrdinalIgnoreCase.Compare(one, other));

    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _top = new(Order);
    private readonly Dictionary<string, SortedSet<string>> _children = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="sources">In their order. A key is spelled as the first that has it.</param>
    public SettingsTree(IEnumerable<IConfigurationProvider> sources)
    {
        foreach (var (key, value) in sources.OfType<ConfigurationProvider>().SelectMany(Data)) Set(key, value);
    }

    public bool TryGet(string key, out string? value) => _values.TryGetValue(key, out value);

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        earlierKeys.Concat(parentPath is null ? _top : _children.TryGetValue(parentPath, out var keys) ? keys : Enumerable.Empty<string>());

    /// <summary>It was read already.</summary>
    public void Load()
    {
    }

    public void Set(string key, string? value)
    {
        _values[key] = value;
        Add(key);
    }

    /// <summary>One that never fires: a change is another tree.</summary>
    public IChangeToken GetReloadToken() => new ConfigurationReloadToken();

    private void Add(string path)
    {
        int at;
        while ((at = path.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)) >= 0)
        {
            var parent = path[..at];
            var isKnown = _children.TryGetValue(parent, out var keys);
            if (!isKnown) _children.Add(parent, keys = new SortedSet<string>(Order));
            keys!.Add(path[(at + 1)..]);
            // Then what lies above it is, too.
            if (isKnown) return;
            path = parent;
        }

        _top.Add(path);
    }

    /// <summary>What a source holds, by path: it shows that to those that inherit from it alone.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    internal static extern IDictionary<string, string?> Data(ConfigurationProvider source);
}
