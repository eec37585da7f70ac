namespace DefectNotifier.Worker.Linting;

/// <summary>How bad a finding is.</summary>
internal enum FindingSeverity
{
    /// <summary>It works, though perhaps not as meant.</summary>
    Warning,

    /// <summary>The service would not start, a message would be wrong, or nothing would ever arrive.</summary>
    Error,
}
