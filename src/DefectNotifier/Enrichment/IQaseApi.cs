namespace DefectNotifier.Enrichment;

/// <summary>One workspace's REST API v1, as somebody with a token sees it (https://developers.qase.io). Knows the token, and tells nobody.</summary>
public interface IQaseApi
{
    /// <summary>Asks once, and says what was heard or why nothing was. Nothing is repeated, and no redirect is followed.</summary>
    /// <param name="path">Below the base address, with its query: <c>defect/WEB/73</c>.</param>
    /// <param name="cancellationToken">The only bound in time.</param>
    Task<QaseReply> GetAsync(string path, CancellationToken cancellationToken);
}
