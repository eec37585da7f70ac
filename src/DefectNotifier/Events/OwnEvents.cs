namespace DefectNotifier.Events;

/// <summary>
/// The names of events that the service itself makes. A webhook with such a name is refused, because it would be rendered
/// with the template of a notice or a digest and look genuine.
/// </summary>
public static class OwnEvents
{
    /// <summary>A destination is parked.</summary>
    public const string Parked = Prefix + "parked";

    /// <summary>A destination that was parked works again.</summary>
    public const string Resumed = Prefix + "resumed";

    /// <summary>A delivery was given up, or is held for manual review.</summary>
    public const string Undelivered = Prefix + "undelivered";

    /// <summary>Deliveries wait too long.</summary>
    public const string Delayed = Prefix + "delayed";

    /// <summary>A message that combines several deliveries; not a notice.</summary>
    public const string Digest = "digest";

    /// <summary>Qase's API returned details of a defect.</summary>
    public const string Details = "defect.details";

    private const string Prefix = "notifier.";

    /// <summary>The notices, each of which has a template of its own.</summary>
    public static IReadOnlyList<string> Notices { get; } = [Parked, Resumed, Undelivered, Delayed];

    /// <summary>
    /// True for the name of a notice, also of one that a later version adds. Ignores case, as the search for a template does.
    /// </summary>
    public static bool IsNotice(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for the name of a digest. Ignores case, as the search for a template does.</summary>
    public static bool IsDigest(string name) => string.Equals(name, Digest, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for a name that no webhook may have.</summary>
    public static bool IsOwn(string name) =>
        IsNotice(name) || IsDigest(name) || string.Equals(name, Details, StringComparison.OrdinalIgnoreCase);
}
