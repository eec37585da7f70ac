using System.Diagnostics.CodeAnalysis;

namespace DefectNotifier.Delivery;

/// <summary>
/// A text that must not be seen: a token, a webhook URL. Printing it prints <c>[secret]</c>; only <see cref="Reveal"/> gives it away.
/// </summary>
public sealed class Secret(string value)
{
    /// <summary>The text itself, for the one place that sends it.</summary>
    public string Reveal() => value;

    /// <summary>Null for null or blank text.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static Secret? From(string? value) => string.IsNullOrWhiteSpace(value) ? null : new Secret(value.Trim());

    public override string ToString() => "[secret]";
}
