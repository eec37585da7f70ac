using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>The kind of a finding. Written as a word that scripts can rely on: <c>shadowed-route</c>.</summary>
[JsonConverter(typeof(KebabCaseConverter<FindingCode>))]
internal enum FindingCode
{
    // Settings.
    SettingsFile,
    Setting,
    NoSecret,
    WeakSecret,
    SharedSecret,
    ForeignHost,
    RateLimitTooHigh,
    RateLimitOff,
    RateLimitOfWorkspace,
    UnusedDestination,
    SamePlace,
    FallbackCycle,
    ShortDigestWindow,

    // The outbox, when it exists.
    Outbox,
    UnusedSilence,

    // Routes.
    ShadowedRoute,
    NeverMatches,
    UnknownEvent,
    Unrouted,
    NoThread,
    NotFollowed,
    DuplicateDestination,
    EndlessQuietHours,
    UnusedQuietHours,

    // Template files.
    UnreadableFile,
    MisplacedFile,
    IgnoredFile,
    TemplateName,
    UnusedTemplate,
    UnusedSet,

    // Template contents.
    TemplateSyntax,
    UnclosedTag,
    StrayBrace,
    UnknownName,
    UnknownFunction,
    WrongArguments,
    UnknownInclude,
    IncludeCycle,
    DateFormat,
    ForeignMarkup,
    UnknownWord,
    SameName,
    RenderError,
    RendersNothing,
    RenderWarning,
    Shortened,
    Unfinished,

    // Only with --online.
    SlackToken,
    SlackChannel,
    SlackScope,
    SlackLookup,
    QaseToken,
    Unreachable,
    DatabaseRisk,
}

internal static class FindingCodes
{
    public static FindingSeverity Severity(this FindingCode code) => code switch
    {
        FindingCode.NoSecret or FindingCode.WeakSecret or FindingCode.SharedSecret or FindingCode.ForeignHost
            or FindingCode.RateLimitTooHigh or FindingCode.RateLimitOff
            or FindingCode.RateLimitOfWorkspace or FindingCode.UnusedDestination or FindingCode.SamePlace or FindingCode.FallbackCycle
            or FindingCode.UnknownEvent or FindingCode.Unrouted or FindingCode.NoThread or FindingCode.NotFollowed
            or FindingCode.DuplicateDestination or FindingCode.ShortDigestWindow
            or FindingCode.EndlessQuietHours or FindingCode.UnusedQuietHours or FindingCode.UnusedSilence
            or FindingCode.IgnoredFile or FindingCode.TemplateName or FindingCode.UnusedTemplate or FindingCode.UnusedSet
            or FindingCode.DateFormat or FindingCode.ForeignMarkup or FindingCode.UnknownWord or FindingCode.SameName
            or FindingCode.RenderWarning or FindingCode.Shortened or FindingCode.Unfinished or FindingCode.SlackLookup
            or FindingCode.DatabaseRisk
            => FindingSeverity.Warning,
        _ => FindingSeverity.Error,
    };

    public static string Word(this FindingCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    /// <summary>A finding of this kind, without what looks like a secret; see <see cref="Finding"/>.</summary>
    public static Finding At(this FindingCode code, string place, string message, string? suggestion = null) => new(
        code, place, SecretMask.Hide(message), string.IsNullOrWhiteSpace(suggestion) ? null : SecretMask.Hide(suggestion.Trim()));
}
