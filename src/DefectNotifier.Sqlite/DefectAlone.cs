using System.Text.Json;
using DefectNotifier.Events;
using DefectNotifier.Outbox;

namespace DefectNotifier.Sqlite;

/// <summary>What an event says of its defect when nothing else is known of it, as it is and as it is stored.</summary>
internal sealed record DefectAlone(DefectKey Key, Defect Defect, byte[] Json)
{
    /// <summary>Null for an event that is about no defect.</summary>
    public static DefectAlone? Of(NewEvent newEvent)
    {
        if (newEvent is not { DefectEvent: { } read, Defect: { } key }) return null;
        var defect = Defect.After(before: null, read, newEvent.Id, newEvent.ReceivedAt, newEvent.Body);
        return new DefectAlone(key, defect, JsonSerializer.SerializeToUtf8Bytes(defect, StoredJson.Default.Defect));
    }
}
