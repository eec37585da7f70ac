namespace DefectNotifier.Rendering.Values;

/// <summary>Where Qase is, for links in messages.</summary>
public sealed record QaseOptions
{
    /// <summary>
    /// The address of a defect; <c>{code}</c> and <c>{id}</c> are filled in. Qase does not document it, so it can be changed here
    /// (the list at <c>https://app.qase.io/defect/{code}</c> is a safe fallback).
    /// </summary>
    public string DefectUrl { get; init; } = "https://app.qase.io/defect/{code}/view/{id}";

    /// <summary>Null when the event does not say which defect of which project it is.</summary>
    internal string? UrlOf(string? projectCode, long? id) =>
        projectCode is null || id is null || SafeUrl.EncodePart(projectCode) is not { } code
            ? null
            : DefectUrl.Replace("{code}", code, StringComparison.Ordinal).Replace("{id}", id.Value.ToString(), StringComparison.Ordinal);
}
