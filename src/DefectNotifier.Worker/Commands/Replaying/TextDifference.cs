namespace DefectNotifier.Worker.Commands.Replaying;

/// <summary>Messages of one kind whose words would change.</summary>
/// <param name="EventName">The events' name.</param>
/// <param name="Platform">Where the message is shown.</param>
/// <param name="TemplateSet">The new route's template set; null: the common templates.</param>
/// <param name="Compared">How many messages of the kind were compared.</param>
/// <param name="Changed">How many of these read otherwise.</param>
/// <param name="Failed">With how many of these the new template fails.</param>
/// <param name="Example">The id of the newest event that changed.</param>
/// <param name="Lines">What changed in it, line by line.</param>
/// <param name="Error">What the new template failed with; null: none did.</param>
internal sealed record TextDifference(
    string EventName, string Platform, string? TemplateSet, long Compared, long Changed, long Failed, string Example, IReadOnlyList<string> Lines, string? Error);
