using DefectNotifier.Rendering.Templates;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>Writes template errors and warnings, each with its file and line, to standard error.</summary>
internal static class TemplateErrors
{
    /// <param name="errors">What makes a template unusable.</param>
    /// <param name="warnings">What does not fail, but is probably not intended.</param>
    /// <param name="folder">The folder of the templates.</param>
    public static void Report(IReadOnlyList<RenderError> errors, IReadOnlyList<RenderError> warnings, string folder)
    {
        foreach (var warning in warnings) Output.WriteWarning($"{PlaceOf(warning, folder)}: {warning.Message}");
        foreach (var error in errors) Output.WriteError($"{PlaceOf(error, folder)}: {error.Message}");
        if (errors.Count == 0) return;
        Output.WriteError("The message was rendered without this template. Fix it, or delete the file to use the built-in template.");
    }

    private static string PlaceOf(RenderError error, string folder) => TemplatePlace.Of(folder, error.Template, error.Line, error.Column);
}
