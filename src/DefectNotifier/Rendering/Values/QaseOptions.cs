namespace DefectNotifier.Rendering.Values;

/// <summary>The address of Qase, for links in messages.</summary>
public sealed record QaseOptions
{
    /// <summary>
    /// The address of a defect's page, with the placeholders <c>{code}</c> and <c>{id}</c>. Qase does not document this address;
    /// if it stops working, the list of a project's defects is at <c>https://app.qase.io/defect/{code}</c>.
    /// </summary>
    public string DefectUrl { get; init; } = "https://app.qase.io/defect/{code}/view/{id}";

    /// <summary>Null when the project or the defect is unknown, or the project code cannot be part of an address.</summary>
    internal string? UrlOf(string? projectCode, long? id) =>
        projectCode is null || id is null || SafeUrl.EncodePart(projectCode) is not { } code
            ? null
            : DefectUrl.Replace("{code}", code, StringComparison.Ordinal).Replace("{id}", id.Value.ToString(), StringComparison.Ordinal);
}
