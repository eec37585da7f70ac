using System.Text;
using DefectNotifier.Testing;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>What a worker has written to standard output and standard error so far.</summary>
internal sealed class WorkerOutput
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _standard = new();
    private readonly StringBuilder _error = new();

    public string Standard => Read(_standard);

    public string Error => Read(_error);

    public string All => $"{Standard}\n{Error}";

    /// <summary>Waits for a text in the output. It comes over a pipe, possibly later than the state that HTTP shows.</summary>
    public Task SaysAsync(string words) =>
        Eventually.HoldsAsync(() => All.Contains(words, StringComparison.Ordinal), () => $"The output has no '{words}': {All}");

    public void AddStandard(string? line) => Add(_standard, line);

    public void AddError(string? line) => Add(_error, line);

    private void Add(StringBuilder text, string? line)
    {
        lock (_lock)
            text.AppendLine(line);
    }

    private string Read(StringBuilder text)
    {
        lock (_lock)
            return text.ToString();
    }
}
