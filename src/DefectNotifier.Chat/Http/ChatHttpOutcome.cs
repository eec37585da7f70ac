using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Delivery;

namespace DefectNotifier.Chat.Http;

/// <summary>Either an answer was heard, or the transport failed.</summary>
internal sealed class ChatHttpOutcome
{
    private ChatHttpOutcome(ChatHttpAnswer? answer, SendResult? fault)
    {
        Answer = answer;
        Fault = fault;
    }

    public ChatHttpAnswer? Answer { get; }

    public SendResult? Fault { get; }

    [MemberNotNullWhen(true, nameof(Answer))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsHeard => Answer is not null;

    public static ChatHttpOutcome Heard(ChatHttpAnswer answer) => new(answer, null);

    public static ChatHttpOutcome Failed(SendResult fault) => new(null, fault);
}
