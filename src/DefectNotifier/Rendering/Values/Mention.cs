namespace DefectNotifier.Rendering.Values;

/// <summary>A person or a group that templates may mention, as configured: <c>Templates:Mentions</c>.</summary>
/// <param name="Name">What is read, without the <c>@</c>; holds none of <c>&lt; &gt; &amp; |</c> and no line break.</param>
public sealed record Mention(string Name)
{
    /// <summary>In Slack: <c>U…</c> or <c>W…</c> a person, <c>S…</c> a user group, or <c>here</c>, <c>channel</c>, <c>everyone</c>. Null: Slack shows the name alone.</summary>
    public string? Slack { get; init; }

    /// <summary>In Teams: the sign-in name (<c>lead@contoso.com</c>) or object id of a person. Null: Teams shows the name alone.</summary>
    public string? Teams { get; init; }
}
