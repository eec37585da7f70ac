namespace DefectNotifier.Rendering.JsonTemplates;

/// <summary>What a JSON template wrote is no message of its platform.</summary>
/// <param name="path">Where in the JSON: <c>$.blocks[2].text</c>.</param>
/// <param name="message">What is wrong there.</param>
public sealed class JsonTemplateException(string path, string message) : Exception($"{path}: {message}")
{
    public string Path { get; } = path;
}
