using DefectNotifier.Enrichment;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>Asks each account of Qase once, for one of its users: whether the token is taken.</summary>
internal static class QaseProbe
{
    private const string Path = "user?limit=1";

    public static async Task<IReadOnlyList<Finding>> AskAsync(QaseApiOptions options, TimeProvider time, CancellationToken stop)
    {
        using var http = new QaseHttp();
        var accounts = new QaseAccountFactory(http, time).Create(options);
        // Side by side: a host that does not answer costs its timeout once.
        var found = await Task.WhenAll(accounts.All.Select(account => AskAsync(account, time, stop)));
        return [.. found.OfType<Finding>()];
    }

    private static async Task<Finding?> AskAsync(QaseAccount account, TimeProvider time, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Enricher.ResponseLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        QaseReply reply;
        try
        {
            reply = await account.Api.GetAsync(Path, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            reply = new QaseReply { Error = QaseResponses.TimeIsUp };
        }

        var response = QaseResponses.Classify(reply);
        return response.Outcome switch
        {
            // It answers: that is what was to be learned.
            QaseOutcome.Ok or QaseOutcome.NotFound or QaseOutcome.Rejected or QaseOutcome.RateLimited => null,
            QaseOutcome.Refused => FindingCode.QaseToken.At($"{account.Name}:Token", $"Qase refuses the token ({response.Detail}).", "Make a new one in Qase (API tokens), with the rights of somebody who sees the defects and the users."),
            _ => FindingCode.Unreachable.At($"{account.Name}:ApiUrl", $"Qase's API does not response as it should: {response.Outcome.Word()} ({response.Detail}).", "Look at the address, the network and its proxy."),
        };
    }
}
