using DefectNotifier.Rendering;

namespace DefectNotifier.Worker.Commands.Trying;

/// <summary>Tells at the terminal what is wrong with templates, where, and what to do.</summary>
internal static class TemplateFaults
{
    /// <param name="faults">What is wrong.</param>
    /// <param name="warnings">What does no harm and is surely not meant.</param>
    /// <param name="folder">Where the templates are.</param>
    public static void Tell(IReadOnlyList<RenderFault> faults, IReadOnlyList<RenderFault> warnings, string folder)
    {
        foreach (var warning in warnings) Terminal.Warn($"{PlaceOf(warning, folder)}: {warning.Message}");
        foreach (var fault in faults) Terminal.Fault($"{PlaceOf(fault, folder)}: {fault.Message}");
        if (faults.Count > 0) Terminal.Fault("The message is the one that goes out in its place. Mend that line and try again; without the file the program's own template serves.");
    }

    private static string PlaceOf(RenderFault fault, string folder)
    {
        var file = fault.Template.Contains(':') ? fault.Template : Path.Combine(folder, fault.Template);
        return fault.Line > 0 ? $"{file}:{fault.Line}:{fault.Column}" : file;
    }
}
