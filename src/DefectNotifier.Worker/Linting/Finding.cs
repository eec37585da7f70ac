using System.Text.Json;
using System.Text.Json.Serialization;

namespace DefectNotifier.Worker.Linting;

/// <summary>
/// One problem in the settings or templates. The place is <c>file:line:column</c>, or the path of a setting such as <c>Routes:2:To:0</c>;
/// there is no suggestion where the message says how to fix it.
/// </summary>
internal sealed record Finding(FindingCode Code, string Place, string Message, string? Suggestion)
{
    [JsonPropertyOrder(-1)]
    public FindingSeverity Severity => Code.Severity();

    /// <summary>Place, message and suggestion in one line, for the log.</summary>
    public string ToLogText() => $"{Place}: {Message} {Suggestion}".Trim();
}

[JsonConverter(typeof(KebabCaseConverter<FindingSeverity>))]
internal enum FindingSeverity
{
    /// <summary>The service works, but probably not as intended.</summary>
    Warning,

    /// <summary>The service would not start, a message would be wrong, or no message would be sent.</summary>
    Error,
}

/// <summary>Writes an enum as a word.</summary>
internal sealed class KebabCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;
