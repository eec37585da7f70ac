using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>What a request to an endpoint needs. An endpoint without a rule needs every permission; a test finds it.</summary>
/// <param name="Needed">The permissions of the operator; none: no login is needed.</param>
/// <param name="IsAlwaysOpen">
/// True for what also responds beyond loopback when no secret is set, for health checks and Prometheus: it contains no data of a defect.
/// </param>
internal sealed record AccessRule(Permissions Needed, bool IsAlwaysOpen = false);

/// <summary>Sets the rule where an endpoint is mapped.</summary>
internal static class AccessRules
{
    // An unknown path needs a login, too: without one, the response is 401 and not 404.
    private static readonly AccessRule NoEndpoint = new(Permissions.Read);
    private static readonly AccessRule NoRule = new(Permissions.All);

    public static AccessRule Of(Endpoint? endpoint) =>
        endpoint is null ? NoEndpoint : endpoint.Metadata.GetMetadata<AccessRule>() ?? NoRule;

    /// <summary>Only operators with this permission.</summary>
    public static T Needs<T>(this T endpoint, Permissions needed)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(needed));

    /// <summary>Without a login, for the login itself.</summary>
    public static T NeedsNoLogin<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.Needs(Permissions.None);

    /// <summary>For everyone who can reach the address.</summary>
    public static T IsAlwaysOpen<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(Permissions.None, IsAlwaysOpen: true));
}
