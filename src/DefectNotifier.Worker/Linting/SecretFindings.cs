using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Finds accepted secrets that do not protect well. A weak one is an error as soon as a destination is a chat.</summary>
internal static class SecretFindings
{
    public static IEnumerable<Finding> Of(NotifierSettings settings) =>
    [
        .. settings.HasChat() ? [] : AcceptedSecrets.FindWeak(settings).Select(weak => FindingCode.WeakSecret.At(
            weak.Path, $"{char.ToUpperInvariant(weak.Problem[0])}{weak.Problem[1..]}", weak.Advice)),
        .. AcceptedSecrets.FindShared(settings).Select(shared => FindingCode.SharedSecret.At(
            shared.Path,
            $"Contains a secret of {shared.Other}: anyone who knows it can use both.",
            "Set another secret in one of the two.")),
    ];
}
