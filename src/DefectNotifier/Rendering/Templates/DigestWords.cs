using System.Globalization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Rendering.Templates;

/// <summary>The words for a digest, for its templates and for the message without a template.</summary>
internal static class DigestWords
{
    /// <summary>The words for why deliveries are combined.</summary>
    public static readonly string[] Causes = ["storm", "quiet-hours", "silence"];

    /// <summary>
    /// The maximum length of a title: several in a message, and 40 in a reply, must fit on both platforms. The important part of a test
    /// name is its beginning.
    /// </summary>
    private const int MaxTitle = 90;

    private const int MaxProject = 20;
    private const int MaxName = 30;
    private const int MaxReason = 60;

    /// <summary><c>312 new and changed defects in 3 projects</c>, and why they are combined.</summary>
    public static string Heading(DigestContents digest)
    {
        var where = digest switch
        {
            { ProjectCount: > 1 } => $" in {Number(digest.ProjectCount)} projects",
            { Projects: [{ ProjectCode: { } code }] } when VisibleText.IsIn(code) => $" in {CodeOf(code)}",
            _ => "",
        };
        var why = digest.Cause switch
        {
            DigestCause.QuietHours => " during quiet hours",
            DigestCause.Silence when digest.Silence is { } silence =>
                $", silenced by {Cut(silence.By, MaxName)}: {Cut(silence.Why, MaxReason)}",
            DigestCause.Silence => ", silenced",
            _ => "",
        };
        return What(digest) + where + why;
    }

    /// <summary>The word that templates compare with.</summary>
    public static string Cause(DigestCause cause) => cause switch
    {
        DigestCause.QuietHours => Causes[1],
        DigestCause.Silence => Causes[2],
        _ => Causes[0],
    };

    /// <summary>The title of the group's defects; for events without a defect, their name as words.</summary>
    public static string Label(DigestGroup group) => group switch
    {
        { Defects: [{ Id: null } other, ..] } => Cut(EventWords.NameOf(other.EventName), MaxTitle),
        { Title: { } title } => Cut(title, MaxTitle),
        _ => "No title",
    };

    /// <summary>The symbol of its severity, and of its status when all its defects are closed.</summary>
    public static string Emoji(DigestGroup group) => group is { IsClosed: false, Severity: var severity, Defects: [{ Id: not null }, ..] }
        ? SeverityStyle.Emoji(severity)
        : Emoji(group.Defects[0]);

    public static string Emoji(DigestDefect defect) => defect.Id is null
        ? EventWords.Emoji(defect.EventName)
        : DefectWords.StatusEmoji(defect.Status) ?? SeverityStyle.Emoji(defect.Severity);

    /// <summary><c>WEB D-73</c>; of an event without a defect, only its project.</summary>
    public static string NumberOf(DigestDefect defect) =>
        $"{CodeOf(defect.ProjectCode)} {(defect.Id is { } id ? $"D-{id}" : "")}".Trim();

    public static string Label(DigestDefect defect) => defect switch
    {
        { Id: null } => Cut(EventWords.NameOf(defect.EventName), MaxTitle),
        { Title: { } title } when VisibleText.IsIn(title) => Cut(title, MaxTitle),
        _ => "No title",
    };

    /// <summary>What a notification adds to the heading: the number of open blockers and critical defects.</summary>
    public static IEnumerable<string> Labels(DigestContents digest) => digest.Severities
        .Where(severity => severity.Severity?.Rank <= Severity.Critical.Rank && severity.ClosedCount < severity.Count)
        .Select(severity => $"{Number(severity.Count - severity.ClosedCount)} {severity.Severity!.Label.ToLowerInvariant()}");

    /// <summary><c>12 × Checkout ignores the coupon (Major, WEB D-7, D-9, ...)</c>, for the message without a template.</summary>
    public static string Line(DigestGroup group)
    {
        var count = group.Count > 1 ? $"{Number(group.Count)} × " : "";
        // An event without a defect has only the project, so all of them are equal.
        var numbers = group.Defects.Select(NumberOf).Distinct();
        return $"{count}{Label(group)}{Details(group.Severity, string.Join(", ", numbers), group.IsClosed)}";
    }

    public static string Line(DigestDefect defect) => Label(defect) + Details(defect.Severity, NumberOf(defect), defect.IsClosed);

    public static string CodeOf(string? project) => Cut(project ?? "", MaxProject);

    private static string Details(Severity? severity, string numbers, bool isClosed)
    {
        var known = string.Join(", ", new[] { severity?.Label, numbers, isClosed ? "closed" : null }.Where(VisibleText.IsIn));
        return known.Length > 0 ? $" ({known})" : "";
    }

    /// <summary>The defects that a reply lists; none for page 0.</summary>
    public static IReadOnlyList<DigestDefect> DefectsOf(DigestContents digest, int page) =>
        page < 1 ? [] : [.. digest.Defects.Skip((page - 1) * DigestContents.ReplySize).Take(DigestContents.ReplySize)];

    private static string What(DigestContents digest)
    {
        var defects = digest.Count - digest.WithoutDefect;
        var others = Counted(digest.WithoutDefect, defects == 0 ? "event" : "other event");
        if (defects == 0) return others;
        var counted = Counted(defects, "new and changed defect");
        return digest.WithoutDefect == 0 ? counted : $"{counted} and {others}";
    }

    private static string Counted(int count, string word) => Number(count) + " " + word + (count == 1 ? "" : "s");

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Cut(string text, int length) => Graphemes.Truncate(TextCleaning.Clean(text).Replace('\n', ' ').Trim(), length);
}
