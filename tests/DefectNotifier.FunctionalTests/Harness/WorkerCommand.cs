using DefectNotifier.Worker.Commands;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>
/// Runs commands whose exit code and output are tested, and not their process. They run in the process of the tests, because each process
/// takes half a second of CPU time to start. The published worker that <c>WORKER</c> names is always run as a process.
/// </summary>
internal static class WorkerCommand
{
    /// <param name="folder">The working directory of a process. Without one the paths in the arguments must be absolute.</param>
    /// <param name="arguments">The arguments of the program.</param>
    public static async Task<(int ExitCode, WorkerOutput Output)> RunAsync(string folder, params string[] arguments)
    {
        if (WorkerProcess.IsPublished) return await WorkerProcess.RunAsync(folder, arguments);
        var (standard, error) = (new StringWriter(), new StringWriter());
        var exitCode = await CommandLine.RunAsync(arguments, standard, error);
        var output = new WorkerOutput();
        output.AddStandard(standard.ToString());
        output.AddError(error.ToString());
        return (exitCode, output);
    }
}
