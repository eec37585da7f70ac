using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>All that <c>check</c> found, errors first.</summary>
/// <param name="Errors">How many errors.</param>
/// <param name="Warnings">How many warnings.</param>
/// <param name="Findings">Each of them.</param>
/// <param name="Notes">What was looked at, and what could not be.</param>
internal sealed record CheckReport(int Errors, int Warnings, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes)
{
    private const string Error = "error";

    public static CheckReport Of(IEnumerable<Finding> findings, IReadOnlyList<string> notes)
    {
        // Two sets may include one faulty piece: it is told once.
        List<Finding> all = [.. findings.Distinct().OrderBy(finding => finding.Severity == Error ? 0 : 1)];
        var errors = all.Count(finding => finding.Severity == Error);
        return new CheckReport(errors, all.Count - errors, all, notes);
    }

    /// <param name="isStrict">True: warnings count as errors do.</param>
    public int ExitCode(bool isStrict) => Errors > 0 || (isStrict && Warnings > 0) ? ExitCodes.Failed : ExitCodes.Ok;
}
