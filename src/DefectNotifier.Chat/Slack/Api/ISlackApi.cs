namespace DefectNotifier.Chat.Slack.Api;

/// <summary>
/// The part of Slack's Web API that this product uses: call a method by name with JSON arguments. It is small so that any Slack library can
/// implement it.
/// </summary>
public interface ISlackApi
{
    /// <summary>
    /// Calls one method once, without retries. Every response and every network error is returned as a <see cref="SlackResponse"/>; throws
    /// only <see cref="OperationCanceledException"/>, when the caller cancels.
    /// </summary>
    /// <param name="method">
    /// <c>chat.postMessage</c>, <c>chat.update</c>, <c>conversations.history</c>, <c>conversations.replies</c> or
    /// <c>conversations.join</c>; for the command <c>check</c> also <c>auth.test</c> and <c>conversations.info</c>.
    /// </param>
    /// <param name="json">
    /// The arguments, one JSON object in UTF-8. The implementation converts them to form fields for methods that take no JSON.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
