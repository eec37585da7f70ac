using System.Globalization;

namespace DefectNotifier.Worker.Settings;

/// <summary>
/// A time span as people write it: <c>500ms</c>, <c>15s</c>, <c>10m</c>, <c>24h</c>, <c>7d</c>, or .NET's <c>1.02:03:04</c>.
/// </summary>
internal static class DurationText
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        var (unit, digits) = text switch
        {
            [.. var number, 'm', 's'] => (0.001, number),
            [.. var number, 's'] => (1, number),
            [.. var number, 'm'] => (60, number),
            [.. var number, 'h'] => (3600, number),
            [.. var number, 'd'] => (86400, number),
            _ => (0, text),
        };
        // The range also excludes "-Infinity" and "NaN", which .NET parses whatever the style.
        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        if (unit > 0 && double.TryParse(digits, Style, CultureInfo.InvariantCulture, out var count) && count is >= 0 and < 1e6)
        {
            duration = TimeSpan.FromSeconds(count * unit);
            return true;
        }

        // .NET reads a number without a unit as days; most people mean seconds. Require a colon.
        duration = default;
        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);
    }
}
