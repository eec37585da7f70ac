namespace DefectNotifier.Enrichment;

/// <summary>What was heard of Qase's API, within bounds; all of it is the word of a server that may be anybody's.</summary>
public sealed record QaseReply
{
    /// <summary>The HTTP status; 0: nothing was heard.</summary>
    public int Status { get; init; }

    /// <summary>The body, or its beginning.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The header <c>Retry-After</c>; null: it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why nothing was heard, in a word without any address: <c>NameResolutionError</c>. Empty otherwise.</summary>
    public string Error { get; init; } = "";
}
