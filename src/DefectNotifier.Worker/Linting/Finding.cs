using System.Text.Json.Serialization;

namespace DefectNotifier.Worker.Linting;

/// <summary>One problem in the settings or templates.</summary>
/// <param name="Severity">How serious it is.</param>
/// <param name="Code">The word of a <see cref="FindingCode"/>.</param>
/// <param name="Place"><c>file:line:column</c>, or the path of a setting such as <c>Routes:2:To:0</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">How to fix it; null where the message says so.</param>
internal sealed record Finding(FindingSeverity Severity, string Code, string Place, string Message, string? Suggestion)
{
    /// <summary>Place, message and suggestion in one line, for the log.</summary>
    public string ToLogText() => $"{Place}: {Message} {Suggestion}".Trim();
}

/// <summary>How serious a finding is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingSeverity>))]
internal enum FindingSeverity
{
    /// <summary>The service works, but probably not as intended.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>The service would not start, a message would be wrong, or no message would be sent.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}
