using DefectNotifier.Enrichment;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Checks the token of each Qase account with one request for a user.</summary>
internal static class QaseProbe
{
    private const string Path = "user?limit=1";

    public static async Task<IReadOnlyList<Finding>> CheckAsync(QaseApiOptions options, TimeProvider time, CancellationToken stop)
    {
        using var http = new QaseHttp();
        var accounts = new QaseAccountFactory(http, time).Create(options);
        // In parallel: hosts that do not respond cost one timeout altogether.
        var found = await Task.WhenAll(accounts.All.Select(account => CheckOneAsync(account, time, stop)));
        return [.. found.OfType<Finding>()];
    }

    private static async Task<Finding?> CheckOneAsync(QaseAccount account, TimeProvider time, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(Enricher.ResponseTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        QaseHttpResponse reply;
        try
        {
            reply = await account.Api.GetAsync(Path, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            reply = new QaseHttpResponse { Error = QaseResponses.TimeoutError };
        }

        var response = QaseResponses.Classify(reply);
        return response.Outcome switch
        {
            // Any of these responses shows that the token was accepted.
            QaseOutcome.Ok or QaseOutcome.NotFound or QaseOutcome.Rejected or QaseOutcome.RateLimited => null,
            QaseOutcome.Refused => FindingCode.QaseToken.At(
                $"{account.Name}:Token",
                $"Qase does not accept the token ({response.Detail}).",
                "Create a new token in Qase (API tokens), as a user who can see the defects and the users."),
            _ => FindingCode.Unreachable.At(
                $"{account.Name}:ApiUrl",
                $"The response of Qase's API is not usable: {response.Outcome.Word()} ({response.Detail}).",
                "Check the address, the network and the proxy."),
        };
    }
}
