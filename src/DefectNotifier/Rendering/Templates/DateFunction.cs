using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// <c>time | date</c>, shown in the reader's own zone where the platform can; <c>time | date 'yyyy-MM-dd'</c>, plain text in the configured zone;
/// <c>time | date 'HH:mm' 'Europe/Berlin'</c>, plain text in that one.
/// </summary>
internal sealed class DateFunction() : TemplateFunction(1, "time", "format", "zone")
{
    protected override object? Call(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (arguments[0] is not DateTimeOffset time) return arguments[0];
        var format = Text(arguments, 1);
        var zone = Text(arguments, 2) is { } id ? ZoneOf(id, span) : null;
        if (format is null) return zone is null ? DateValue.Of(time, context.Options.TimeZone) : DateValue.Words(time, zone);
        try
        {
            return DateValue.Words(time, zone ?? context.Options.TimeZone, format);
        }
        catch (FormatException error)
        {
            throw new ScriptRuntimeException(span, $"'{format}' is not a date format; try 'yyyy-MM-dd HH:mm'.", error);
        }
    }

    private static TimeZoneInfo ZoneOf(string id, SourceSpan span) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
        ? zone
        : throw new ScriptRuntimeException(span, $"'{id}' is not a time zone; they are named like 'Europe/Berlin' or 'UTC'.");
}
