using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Linting;

/// <summary>Warns when Qase tokens would be sent to a host that is not Qase's.</summary>
internal static class QaseCheck
{
    private const string OwnHost = "qase.io";

    public static IEnumerable<Finding> Check(QaseApiOptions options)
    {
        if (options.Token is not null && ForeignHostOf(options.ApiUrl) is { } host) yield return ForeignHost("Qase:ApiUrl", host);
        foreach (var workspace in options.Workspaces)
        {
            if (ForeignHostOf(workspace.ApiUrl) is { } other) yield return ForeignHost($"Qase:Workspaces:{workspace.Name}:ApiUrl", other);
        }
    }

    private static Finding ForeignHost(string path, string host) => FindingCode.ForeignHost.At(
        path,
        $"The host {host} is not one of Qase's: its owner receives the token.",
        $"Qase's hosts are api.{OwnHost} and api-COMPANY.{OwnHost}. A gateway of your own is fine.");

    // Loopback is allowed for local tests.
    private static string? ForeignHostOf(Uri address)
    {
        var host = address.IdnHost.ToLowerInvariant();
        return address.IsLoopback || host == OwnHost || host.EndsWith("." + OwnHost, StringComparison.Ordinal) ? null : host;
    }
}
