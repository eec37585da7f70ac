using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>One entry of <c>Operations:Access</c>.</summary>
/// <param name="Name">Shown in the log and in the history of a delivery.</param>
/// <param name="Secret">What the operator sends.</param>
/// <param name="May">What the operator may do.</param>
internal sealed record OperatorOptions(string Name, Secret Secret, Permissions May);

/// <summary>What an operator may do.</summary>
[Flags]
internal enum Permissions
{
    None = 0,

    /// <summary>See everything.</summary>
    Read = 1,

    /// <summary>Retry, discard, resume, silence.</summary>
    Act = 2,

    /// <summary>Change and reload the configuration.</summary>
    Edit = 4,

    All = Read | Act | Edit,
}

/// <summary>The words for <see cref="Permissions"/>.</summary>
internal static class PermissionWords
{
    public static IReadOnlyList<string> All { get; } = WordsOf(Permissions.All);

    /// <summary>One word for each permission.</summary>
    public static IReadOnlyList<string> WordsOf(Permissions may) =>
    [
        .. Enum.GetValues<Permissions>().Where(one => int.IsPow2((int)one) && may.HasFlag(one))
            .Select(one => one.ToString().ToLowerInvariant()),
    ];

    /// <summary>Null when it is none of the words.</summary>
    public static Permissions? Parse(string word) =>
        All.Contains(word, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<Permissions>(word, ignoreCase: true) : null;
}
