namespace DefectNotifier.Worker.Linting;

/// <summary>The kind of a finding, from a closed list that scripts can rely on.</summary>
/// <param name="Word">The stable word that is written.</param>
/// <param name="Severity">How serious it is.</param>
internal sealed record FindingCode(string Word, FindingSeverity Severity)
{
    // Settings.
    public static readonly FindingCode SettingsFile = Error("settings-file");
    public static readonly FindingCode Setting = Error("setting");
    public static readonly FindingCode NoSecret = Warning("no-secret");
    public static readonly FindingCode ForeignHost = Warning("foreign-host");
    public static readonly FindingCode RateLimitTooHigh = Warning("rate-limit-too-high");
    public static readonly FindingCode RateLimitOff = Warning("rate-limit-off");
    public static readonly FindingCode RateLimitOfWorkspace = Warning("rate-limit-of-workspace");
    public static readonly FindingCode UnusedDestination = Warning("unused-destination");
    public static readonly FindingCode SamePlace = Warning("same-place");
    public static readonly FindingCode FallbackCycle = Warning("fallback-cycle");

    // Routes.
    public static readonly FindingCode ShadowedRoute = Error("shadowed-route");
    public static readonly FindingCode NeverMatches = Error("never-matches");
    public static readonly FindingCode UnknownEvent = Warning("unknown-event");
    public static readonly FindingCode Unrouted = Warning("unrouted");
    public static readonly FindingCode NoThread = Warning("no-thread");
    public static readonly FindingCode DuplicateDestination = Warning("duplicate-destination");

    // Template files.
    public static readonly FindingCode UnreadableFile = Error("unreadable-file");
    public static readonly FindingCode MisplacedFile = Error("misplaced-file");
    public static readonly FindingCode IgnoredFile = Warning("ignored-file");
    public static readonly FindingCode TemplateName = Warning("template-name");
    public static readonly FindingCode UnusedTemplate = Warning("unused-template");
    public static readonly FindingCode UnusedSet = Warning("unused-set");

    // Template contents.
    public static readonly FindingCode TemplateSyntax = Error("template-syntax");
    public static readonly FindingCode UnclosedTag = Error("unclosed-tag");
    public static readonly FindingCode StrayBrace = Error("stray-brace");
    public static readonly FindingCode UnknownName = Error("unknown-name");
    public static readonly FindingCode UnknownFunction = Error("unknown-function");
    public static readonly FindingCode WrongArguments = Error("wrong-arguments");
    public static readonly FindingCode UnknownInclude = Error("unknown-include");
    public static readonly FindingCode IncludeCycle = Error("include-cycle");
    public static readonly FindingCode RenderError = Error("render-error");
    public static readonly FindingCode RendersNothing = Error("renders-nothing");
    public static readonly FindingCode RenderWarning = Warning("render-warning");
    public static readonly FindingCode Shortened = Warning("shortened");
    public static readonly FindingCode Unfinished = Warning("unfinished");

    // Only with --online.
    public static readonly FindingCode SlackToken = Error("slack-token");
    public static readonly FindingCode SlackChannel = Error("slack-channel");
    public static readonly FindingCode SlackScope = Error("slack-scope");
    public static readonly FindingCode SlackLookup = Warning("slack-lookup");
    public static readonly FindingCode QaseToken = Error("qase-token");
    public static readonly FindingCode Unreachable = Error("unreachable");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FindingCode> All { get; } =
    [
        SettingsFile, Setting, NoSecret, ForeignHost, RateLimitTooHigh, RateLimitOff, RateLimitOfWorkspace, UnusedDestination, SamePlace,
        FallbackCycle,
        ShadowedRoute, NeverMatches, UnknownEvent, Unrouted, NoThread, DuplicateDestination,
        UnreadableFile, MisplacedFile, IgnoredFile, TemplateName, UnusedTemplate, UnusedSet,
        TemplateSyntax, UnclosedTag, StrayBrace, UnknownName, UnknownFunction, WrongArguments, UnknownInclude, IncludeCycle,
        RenderError, RendersNothing, RenderWarning, Shortened, Unfinished,
        SlackToken, SlackChannel, SlackScope, SlackLookup, QaseToken, Unreachable,
    ];

    /// <summary>A finding of this kind.</summary>
    /// <param name="place"><c>file:line:column</c>, or the path of a setting.</param>
    /// <param name="message">What is wrong.</param>
    /// <param name="suggestion">How to fix it; null or empty where the message says so.</param>
    public Finding At(string place, string message, string? suggestion = null) =>
        new(Severity, Word, place, message, string.IsNullOrWhiteSpace(suggestion) ? null : suggestion.Trim());

    private static FindingCode Error(string word) => new(word, FindingSeverity.Error);

    private static FindingCode Warning(string word) => new(word, FindingSeverity.Warning);
}
