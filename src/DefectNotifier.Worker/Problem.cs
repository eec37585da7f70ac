using DefectNotifier.Rendering.Document;

namespace DefectNotifier.Worker;

/// <summary>RFC 9457 problem details.</summary>
/// <param name="Type">A URN that ends in a stable word.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="Field">The part of the body, or the parameter, at error; left out when it is the whole request.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string? Field = null)
{
    private const string Prefix = "urn:defect-notifier:";

    /// <param name="status">The HTTP status.</param>
    /// <param name="code">A stable word; the type is made from it.</param>
    /// <param name="detail">What is wrong and what to do.</param>
    /// <param name="field">What is at error; null when it is the whole request.</param>
    public static Problem Of(int status, string code, string detail, string? field = null) =>
        new(Prefix + code, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status), status, detail, field);
}
