using System.Security.Cryptography;
using System.Text;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Enrichment;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Qase;

/// <summary>Makes the accounts of settings that were found good.</summary>
internal sealed class QaseAccountFactory(QaseHttp http, TimeProvider time)
{
    /// <summary>The name of the account for all endpoints without one of their own.</summary>
    public const string Standard = "Qase";

    public QaseAccounts Create(QaseApiOptions options) => new(
        options.Token is { } token ? Create(Standard, options.ApiUrl, token, options.RequestsPerMinute) : null,
        options.Workspaces.ToDictionary(
            workspace => workspace.Name,
            workspace => Create($"{Standard}:Workspaces:{workspace.Name}", workspace.ApiUrl, workspace.Token, options.RequestsPerMinute),
            StringComparer.OrdinalIgnoreCase));

    private QaseAccount Create(string name, Uri apiUrl, Secret token, int requestsPerMinute) => new(
        name,
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{apiUrl} {token.Reveal()}"))),
        requestsPerMinute,
        new QaseClient(http, apiUrl, token, time));
}
