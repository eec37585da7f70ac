namespace DefectNotifier.Events;

/// <summary>A member of a workspace in words. Qase sends only the id; 0 is an API token.</summary>
public static class TeamMember
{
    /// <summary>The member as a reader knows them.</summary>
    /// <param name="id">Qase's id.</param>
    /// <param name="name">The name; null: not known.</param>
    public static string LabelOf(long id, string? name) =>
        id == 0 ? "automation" : VisibleText.IsIn(name) ? name : $"team member {id}";
}
