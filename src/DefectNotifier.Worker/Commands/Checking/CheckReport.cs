using System.Text.Json.Serialization;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>The result of <c>check</c>.</summary>
/// <param name="Errors">The number of errors.</param>
/// <param name="Warnings">The number of warnings.</param>
/// <param name="Findings">All findings, errors first.</param>
/// <param name="Notes">What was checked, and what could not be checked.</param>
internal sealed record CheckReport(int Errors, int Warnings, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes)
{
    public static CheckReport Of(IEnumerable<Finding> findings, IReadOnlyList<string> notes)
    {
        // Distinct: two template sets can include the same broken file.
        List<Finding> all = [.. findings.Distinct().OrderByDescending(finding => finding.Severity)];
        var errors = all.Count(finding => finding.Severity == FindingSeverity.Error);
        return new CheckReport(errors, all.Count - errors, all, notes);
    }

    /// <param name="isStrict">True: warnings count as errors.</param>
    public int ExitCode(bool isStrict) => Errors > 0 || (isStrict && Warnings > 0) ? ExitCodes.Failed : ExitCodes.Ok;
}

[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJson : JsonSerializerContext
{
    public static CheckJson Readable { get; } = new(OperationsJson.NewOptions());
}
