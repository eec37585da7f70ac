using DefectNotifier.Outbox;

namespace DefectNotifier.Chat.Http;

/// <summary>Rows read from the top; the first that holds the status counts.</summary>
internal sealed class StatusTable(params StatusRow[] rows)
{
    // A status that no row knows (1xx as a final answer, 600 and more) is not HTTP as we know it; the message may be anywhere.
    private static readonly StatusRow Unknown = new(0, int.MaxValue, SendOutcome.Ambiguous, SendReason.UnexpectedResponse);

    public StatusRow Find(int status) => rows.FirstOrDefault(row => row.First <= status && status <= row.Last) ?? Unknown;
}
