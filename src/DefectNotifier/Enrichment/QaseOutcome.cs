namespace DefectNotifier.Enrichment;

/// <summary>What a answer of Qase's API means for what was asked and for what will be.</summary>
public enum QaseOutcome
{
    /// <summary>It told.</summary>
    Ok,

    /// <summary>There is none: it is not asked for again.</summary>
    NotFound,

    /// <summary>It does not take the question, and would not take it again.</summary>
    Rejected,

    /// <summary>It does not accept the token, or not for this: nothing is asked with it any more.</summary>
    Refused,

    /// <summary>The workspace has asked too much, whoever it was: later.</summary>
    RateLimited,

    /// <summary>It is in trouble.</summary>
    Failed,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>Something that Qase does not answer: a redirect, a page of some proxy, JSON of another shape.</summary>
    Unexpected,
}
