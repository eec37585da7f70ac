using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Qase;

/// <summary>Creates the API accounts from valid settings.</summary>
internal sealed class QaseAccountFactory(QaseHttp http, TimeProvider time)
{
    /// <summary>The name of the account for all sources without a workspace of their own.</summary>
    public const string DefaultName = "Qase";

    public QaseAccounts Create(QaseApiOptions options) => new(
        options.Token is { } token ? Create(DefaultName, options.ApiUrl, token, options.RequestsPerMinute) : null,
        options.Workspaces.ToDictionary(
            workspace => workspace.Name,
            workspace => Create($"{DefaultName}:Workspaces:{workspace.Name}", workspace.ApiUrl, workspace.Token, options.RequestsPerMinute),
            StringComparer.OrdinalIgnoreCase));

    private QaseAccount Create(string name, Uri apiUrl, Secret token, int requestsPerMinute) => new(
        name,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{apiUrl} {token.Reveal()}"))),
        requestsPerMinute,
        new QaseClient(http, apiUrl, token, time));
}
