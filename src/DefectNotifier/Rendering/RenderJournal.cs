using System.Runtime.InteropServices;
using DefectNotifier.Files;
using Microsoft.Win32.SafeHandles;

namespace DefectNotifier.Rendering;

/// <summary>
/// Stores in a small file which messages are being rendered; the file survives the end of the process. A message whose rendering ended the
/// process three times, or exceeded the time or the memory of a run, is not rendered again with the same templates: otherwise it would end
/// every restarted process, and no later message would be sent. The file is not synced: it need not survive a failure of the machine.
/// </summary>
/// <param name="path">The file; it is created, with its folder, when the first message is rendered.</param>
public sealed class RenderJournal(string path) : IDisposable
{
    /// <summary>More than the number of lanes that render at the same time. The oldest entries are replaced.</summary>
    private const int Length = 64;

    /// <summary>More than one: the process may also be killed from outside during a rendering, for example during a slow start.</summary>
    private const int MaxDeaths = 3;

    private readonly Lock _lock = new();
    private readonly Entry[] _entries = new Entry[Length];
    private SafeFileHandle? _file;
    private bool _isOpen;
    private int _oldest;

    /// <summary>The key of a message and its templates, made from texts; the same in every process.</summary>
    public static ulong KeyOf(params ReadOnlySpan<string> texts)
    {
        // FNV-1a. Two messages with the same key would only share one entry.
        var key = 14695981039346656037;
        foreach (var text in texts)
            foreach (var character in text) key = (key ^ character) * 1099511628211;
        return key;
    }

    /// <summary>Call it before a rendering. False: the message must not be rendered, and <see cref="End"/> must not be called.</summary>
    public bool Begin(ulong key)
    {
        lock (_lock)
        {
            if (!_isOpen) Open();
            var index = IndexOf(key);
            if (index >= 0 && _entries[index].Deaths >= MaxDeaths) return false;
            if (index < 0) index = IndexOf(default);
            if (index < 0) index = _oldest = (_oldest + 1) % Length;
            var known = _entries[index].Key == key ? _entries[index] : new Entry(key, 0, 0);
            Write(index, known with { Running = known.Running + 1 });
            return true;
        }
    }

    /// <summary>Call it after a rendering.</summary>
    /// <param name="key">The same key.</param>
    /// <param name="isExhausted">True when it exceeded its time or its memory.</param>
    public void End(ulong key, bool isExhausted)
    {
        lock (_lock)
        {
            var index = IndexOf(key);
            if (index < 0) return;
            var running = Math.Max(0, _entries[index].Running - 1);
            var isDone = running == 0 && !isExhausted;
            Write(index, isDone ? default : _entries[index] with { Running = running, Deaths = isExhausted ? MaxDeaths : 0 });
        }
    }

    public void Dispose() => _file?.Dispose();

    // Without the file, everything is rendered.
    private void Open()
    {
        _isOpen = true;
        try
        {
            PrivateFolder.Create(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            RandomAccess.Read(_file, MemoryMarshal.AsBytes(_entries.AsSpan()), 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }

        for (var index = 0; index < Length; index++)
        {
            var entry = _entries[index];
            Write(index, entry.Running > 0 ? entry with { Running = 0, Deaths = entry.Deaths + 1 } : entry);
        }
    }

    // A free entry has the key 0.
    private int IndexOf(ulong key)
    {
        for (var index = 0; index < Length; index++)
            if (_entries[index].Key == key) return index;
        return -1;
    }

    private void Write(int index, Entry entry)
    {
        _entries[index] = entry;
        try
        {
            var bytes = MemoryMarshal.AsBytes(_entries.AsSpan(index, 1));
            if (_file is not null) RandomAccess.Write(_file, bytes, (long)index * bytes.Length);
        }
        // The disk is full: the outbox reports it.
        catch (IOException)
        {
        }
    }

    /// <summary>A message that is being rendered, or whose rendering failed.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(ulong Key, int Running, int Deaths);
}
