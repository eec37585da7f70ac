using System.Text.Json.Serialization;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Checking;

/// <summary>The result of <c>check</c>: all findings, errors first, and notes about what was and was not checked.</summary>
internal sealed record CheckReport(int Errors, int Warnings, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes)
{
    public static CheckReport Of(IEnumerable<Finding> findings, IReadOnlyList<string> notes)
    {
        // Distinct: two template sets can include the same broken file.
        List<Finding> all = [.. findings.Distinct().OrderByDescending(finding => finding.Severity)];
        var errors = all.Count(finding => finding.Severity == FindingSeverity.Error);
        return new CheckReport(errors, all.Count - errors, all, notes);
    }

    public int ExitCode(bool isStrict) => Errors > 0 || (isStrict && Warnings > 0) ? ExitCodes.Failed : ExitCodes.Ok;
}

[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJson : JsonSerializerContext
{
    public static CheckJson Readable { get; } = new(OperationsJson.NewOptions());
}
