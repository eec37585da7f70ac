using System.Diagnostics.CodeAnalysis;

namespace DefectNotifier.Delivery.Sending;

/// <summary>
/// A text that must not be shown: a token, a webhook URL. Printing it prints <c>[secret]</c>; only <see cref="Reveal"/> returns it.
/// </summary>
public sealed class Secret(string value)
{
    /// <summary>The text itself, only for the code that sends it.</summary>
    public string Reveal() => value;

    /// <summary>Null for null or blank text.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static Secret? From(string? value) => string.IsNullOrWhiteSpace(value) ? null : new Secret(value.Trim());

    public override string ToString() => "[secret]";
}
