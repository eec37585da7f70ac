using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The response to a webhook.</summary>
internal sealed record WebhookReply(int Status, string? ContentType, string? RetryAfter, string? Allow, string Body)
{
    private JsonNode Json => JsonNode.Parse(Body)!;

    public string? Id => (string?)Json["id"];

    /// <summary><c>accepted</c>, <c>duplicate</c> or <c>unrouted</c>.</summary>
    public string? EventStatus => (string?)Json["status"];

    public static async Task<WebhookReply> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        response.Content.Headers.ContentType?.MediaType,
        response.Headers.RetryAfter?.ToString(),
        response.Content.Headers.Allow.Count > 0 ? string.Join(", ", response.Content.Headers.Allow) : null,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>Asserts a problem in the form of RFC 9457 with this code in its type.</summary>
    public void IsProblem(int status, string code, string? field = null)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal("urn:defect-notifier:" + code, (string?)Json["type"]);
        Assert.Equal(status, (int?)Json["status"]);
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["title"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["detail"]));
        Assert.Equal(field, (string?)Json["field"]);
    }
}
