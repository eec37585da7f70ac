using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>
/// What all stored events of each defect say together, for messages of events that have little more than an id. Without the bodies, so
/// that the memory stays small; details that only Qase's API reported are missing.
/// </summary>
internal sealed class ReplayMemory
{
    /// <summary>Beyond that, defects that are met later have only their own events.</summary>
    private const int MaxDefects = 100_000;

    private readonly Dictionary<DefectKey, Defect> _defects = [];

    public void Add(ArchivedEvent stored)
    {
        if (WebhookParser.Parse(stored.Body, stored.Source).Event is not { } parsed || KeyOf(parsed) is not { } key) return;
        if (!_defects.TryGetValue(key, out var before) && _defects.Count >= MaxDefects) return;
        _defects[key] = Defect.After(before, parsed, stored.Id, stored.ReceivedAt, body: default);
    }

    /// <summary>Null: nothing is known besides the event.</summary>
    public Defect? Of(DefectEvent defectEvent) => KeyOf(defectEvent) is { } key ? _defects.GetValueOrDefault(key) : null;

    private static DefectKey? KeyOf(DefectEvent defectEvent) =>
        DefectKey.Of(defectEvent.Source, defectEvent.Name, defectEvent.ProjectCode, defectEvent.SubjectId);
}
