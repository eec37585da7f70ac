using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Looks at how Qase's API is asked, as far as the settings reader takes it.</summary>
internal static class QaseCheck
{
    private const string OwnHost = "qase.io";

    public static IEnumerable<Finding> Check(QaseApiOptions options)
    {
        if (options.Token is not null && ForeignHostOf(options.ApiUrl) is { } host) yield return At("Qase:ApiUrl", host);
        foreach (var workspace in options.Workspaces)
            if (ForeignHostOf(workspace.ApiUrl) is { } other) yield return At($"Qase:Workspaces:{workspace.Name}:ApiUrl", other);
    }

    private static Finding At(string path, string host) =>
        FindingCode.ForeignHost.At(path, $"Is on {host}, which is not Qase's: whoever owns that host gets the token.", $"Qase's are api.{OwnHost} and api-COMPANY.{OwnHost}. A gateway of your own is fine.");

    // Not on loopback: that is somebody's trial.
    private static string? ForeignHostOf(Uri address)
    {
        var host = address.IdnHost.ToLowerInvariant();
        return address.IsLoopback || host == OwnHost || host.EndsWith("." + OwnHost, StringComparison.Ordinal) ? null : host;
    }
}
