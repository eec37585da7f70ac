namespace DefectNotifier.Rendering.Document;

/// <summary>A two-column table: Slack's fields, Teams' fact set.</summary>
public sealed record FieldsBlock(IReadOnlyList<Field> Fields) : MessageBlock;
