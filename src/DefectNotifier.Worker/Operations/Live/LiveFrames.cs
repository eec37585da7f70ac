using System.Text;

namespace DefectNotifier.Worker.Operations.Live;

/// <summary>The frames of a stream in the format of server-sent events. A browser repeats the last id when it connects again.</summary>
internal static class LiveFrames
{
    /// <summary>The first bytes of a stream: how long a browser waits until it connects again, in milliseconds.</summary>
    public static readonly byte[] Start = "retry: 2000\n\n"u8.ToArray();

    /// <summary>A comment, so that neither side closes a stream without events as broken.</summary>
    public static readonly byte[] Ping = ": ping\n\n"u8.ToArray();

    /// <param name="name">The type of the event.</param>
    /// <param name="id">The sequence of the newest event that the client knows after this frame; null: unchanged.</param>
    /// <param name="json">The data, in one line.</param>
    public static byte[] Of(string name, long? id, ReadOnlySpan<byte> json) =>
        [.. Encoding.UTF8.GetBytes($"event: {name}\n{(id is null ? "" : $"id: {id}\n")}data: "), .. json, .. "\n\n"u8];

    /// <param name="id">The sequence of the newest event.</param>
    /// <param name="rows">Events as JSON, newest first.</param>
    /// <param name="more">How many further new events are not listed.</param>
    public static byte[] OfEvents(long id, IEnumerable<byte[]> rows, long more)
    {
        using var json = new MemoryStream();
        json.Write("{\"events\":["u8);
        var isFirst = true;
        foreach (var row in rows)
        {
            if (!isFirst) json.WriteByte((byte)',');
            json.Write(row);
            isFirst = false;
        }

        json.Write(Encoding.UTF8.GetBytes($"],\"more\":{more}}}"));
        return Of("events", id, json.GetBuffer().AsSpan(0, (int)json.Length));
    }
}
