using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>
/// Asks the chats, without sending anything: Slack's Web API about the bot and its channel; of a webhook only whether its host answers, at the root and not at
/// the secret address, since a webhook has no way to be asked without a message being posted.
/// </summary>
/// <param name="createApi">The way to Slack's Web API.</param>
/// <param name="time">The clock.</param>
internal sealed class OnlineCheck(Func<DestinationOptions, ISlackApi> createApi, TimeProvider time)
{
    public List<string> Notes { get; } = [];

    public async Task<IReadOnlyList<Finding>> CheckAsync(IReadOnlyList<DestinationOptions> good, CancellationToken stop)
    {
        // Side by side: a host that does not answer costs its timeout once.
        var found = await Task.WhenAll(good.Select(options => CheckOneAsync(options, stop)));
        foreach (var options in good.Where(one => one.Url is not null))
            Notes.Add($"{options.Name}: a webhook can't be asked without posting; only its host was.");
        return [.. found.SelectMany(one => one)];
    }

    private async Task<IEnumerable<Finding>> CheckOneAsync(DestinationOptions options, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            if (options.Token is not null) return await new SlackQuestions(createApi(options), options).AskAsync(either.Token);
            return options.Url is { } url && await HostProbe.ProblemOfAsync(new Uri(url.Reveal()), either.Token) is { } problem
                ? [FindingCode.Unreachable.At($"Destinations:{options.Name}:Url", $"Its host does not response: {problem}.", "Look at the address, the network and its proxy.")]
                : [];
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return [FindingCode.Unreachable.At($"Destinations:{options.Name}", $"No response within {Spans.Words(options.Timeout)}.", "Look at the network and its proxy.")];
        }
    }
}
