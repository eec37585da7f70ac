using DefectNotifier.Rendering;
using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>Tells at the terminal what is wrong with templates, where, and what to do.</summary>
internal static class TemplateErrors
{
    /// <param name="errors">What is wrong.</param>
    /// <param name="warnings">What does no harm and is surely not meant.</param>
    /// <param name="folder">Where the templates are.</param>
    public static void Tell(IReadOnlyList<RenderError> errors, IReadOnlyList<RenderError> warnings, string folder)
    {
        foreach (var warning in warnings) Output.WriteWarning($"{PlaceOf(warning, folder)}: {warning.Message}");
        foreach (var error in errors) Output.WriteError($"{PlaceOf(error, folder)}: {error.Message}");
        if (errors.Count > 0) Output.WriteError("The message is the one that goes out in its place. Mend that line and try again; without the file the program's own template serves.");
    }

    private static string PlaceOf(RenderError error, string folder)
    {
        var file = error.Template.Contains(':') ? error.Template : Path.Combine(folder, error.Template);
        return error.Line > 0 ? $"{file}:{error.Line}:{error.Column}" : file;
    }
}
