namespace DefectNotifier.Chat.Slack;

/// <summary>
/// The whole of Slack's Web API as this product sees it: a method name and its arguments in, a answer out. Kept so narrow that any Slack library can stand
/// behind it.
/// </summary>
public interface ISlackApi
{
    /// <summary>
    /// Calls one method once, without retries of its own. Every answer and every error of the network is a <see cref="SlackResponse"/>; throws only
    /// <see cref="OperationCanceledException"/>, when asked to.
    /// </summary>
    /// <param name="method"><c>chat.postMessage</c>, <c>conversations.history</c>; for <c>check</c> also <c>auth.test</c>, <c>conversations.info</c>.</param>
    /// <param name="json">
    /// The arguments, one JSON object in UTF-8. A method that takes no JSON gets them as form fields: that is for the implementation to know.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
