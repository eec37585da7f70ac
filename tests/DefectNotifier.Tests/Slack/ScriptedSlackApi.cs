using System.Text;
using DefectNotifier.Chat.Slack.Api;

namespace DefectNotifier.Tests.Slack;

/// <summary>Returns its responses in order, repeats the last one, and records the calls.</summary>
internal sealed class ScriptedSlackApi(params SlackResponse[] responses) : ISlackApi
{
    public List<string> Calls { get; } = [];

    public Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Add($"{method} {Encoding.UTF8.GetString(json.Span)}");
        return Task.FromResult(responses[Math.Min(Calls.Count, responses.Length) - 1]);
    }
}
