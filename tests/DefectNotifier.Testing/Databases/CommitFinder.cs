using System.Text;

namespace DefectNotifier.Testing.Databases;

/// <summary>
/// Finds the COMMITs of a connection without TLS. A text is a COMMIT when its last statement is COMMIT. It is executed by a simple query
/// (message Q) with that text, or by a Bind (message B) to a statement that a Parse (message P) of the same connection has given that
/// text, however long ago. Other words for it (END, COMMIT AND CHAIN) are not found.
/// </summary>
internal sealed class CommitFinder
{
    private readonly ProtocolMessages _requests = new(isFromClient: true);
    private readonly ProtocolMessages _responses = new(isFromClient: false);

    // The names of the parsed COMMITs; the last unnamed statement has the name "".
    private readonly HashSet<string> _parsed = new(StringComparer.Ordinal);

    /// <summary>How many executions of COMMIT these bytes of the client complete.</summary>
    public int CountCommits(ReadOnlySpan<byte> bytes) => _requests.Add(bytes).Count(IsCommit);

    /// <summary>True when these bytes of the server complete the end of a transaction or an error.</summary>
    public bool HasOutcome(ReadOnlySpan<byte> bytes) => _responses.Add(bytes).Any(
        message => message.Type == 'E' || (message.Type == 'C' && Strings(message)[0] is "COMMIT" or "ROLLBACK"));

    private bool IsCommit(ProtocolMessage message)
    {
        switch (message.Type)
        {
            case 'Q':
                return EndsInCommit(Strings(message)[0]);
            case 'P' when Strings(message) is [var name, var text, ..]:
                if (EndsInCommit(text)) _parsed.Add(name);
                else _parsed.Remove(name);
                return false;
            case 'B' when Strings(message) is [_, var statement, ..]:
                return _parsed.Contains(statement);
            default:
                return false;
        }
    }

    private static bool EndsInCommit(string text) =>
        text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [.., var last]
        && last.Equals("COMMIT", StringComparison.OrdinalIgnoreCase);

    private static string[] Strings(ProtocolMessage message) => Encoding.UTF8.GetString(message.Body).Split('\0');
}
