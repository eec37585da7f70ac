namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Codes as people type them.</summary>
internal static class ProjectCodes
{
    /// <summary>Several in one text, with blanks or commas between.</summary>
    public static IReadOnlyList<string> Split(IEnumerable<string> texts) =>
        [.. texts.SelectMany(text => text.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct(StringComparer.OrdinalIgnoreCase)];
}
