using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Delivery.Outcomes;

namespace DefectNotifier.Chat.Http;

/// <summary>Either a answer was heard, or the transport failed.</summary>
internal sealed class ChatHttpOutcome
{
    private ChatHttpOutcome(ChatHttpResponse? response, SendResult? error)
    {
        Response = response;
        Error = error;
    }

    public ChatHttpResponse? Response { get; }

    public SendResult? Error { get; }

    [MemberNotNullWhen(true, nameof(Response))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsReceived => Response is not null;

    public static ChatHttpOutcome Received(ChatHttpResponse response) => new(response, null);

    public static ChatHttpOutcome Failed(SendResult error) => new(null, error);
}
