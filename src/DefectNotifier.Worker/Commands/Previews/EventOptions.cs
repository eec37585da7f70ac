using System.CommandLine;
using DefectNotifier.Events;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The options that choose the event, the same for every command.</summary>
internal sealed class EventOptions
{
    /// <summary>The largest body that Ingress:MaxBodyBytes allows.</summary>
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly Option<string?> _project = CommandOptions.Text("--project", "CODE", "Use this project code in the event.");
    private readonly Option<string?> _severity = CommandOptions.Text("--severity", "SEVERITY", "Use this severity in the event.");

    public EventOptions(bool isRequired)
    {
        Event = new Option<string?>("--event")
        {
            Description = $"A file with a webhook's body, - for the standard input, or a sample: {string.Join(", ", SampleEvents.Names)}.",
            HelpName = "FILE|NAME",
            Required = isRequired,
        };
        Event.CompletionSources.Add(_ => SampleEvents.Names);
        _severity.CompletionSources.Add(Completions.Severities);
    }

    public Option<string?> Event { get; }

    /// <summary>The options that change the event.</summary>
    public IReadOnlyList<Option> Changes => [_project, _severity];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Event, .. Changes]) command.Options.Add(option);
    }

    /// <summary>The event of <c>--event</c>, or else the default sample, with the project and severity of the other options.</summary>
    /// <exception cref="CommandException">The event can't be read, or is not a Qase webhook.</exception>
    public async Task<DefectEvent> ReadAsync(ParseResult parsed, string? defaultSample, CancellationToken stop)
    {
        var name = parsed.GetValue(Event) ?? defaultSample ?? throw new CommandException("--event is missing.");
        var result = WebhookParser.Parse(await ReadBodyAsync(name, stop), source: "");
        if (!result.IsEvent) throw new CommandException($"{name}: {result.Error.Detail}");
        var read = result.Event;
        return read with
        {
            ProjectCode = parsed.GetValue(_project)?.Trim() is { Length: > 0 } project ? project : read.ProjectCode,
            Severity = Severity.Parse(parsed.GetValue(_severity)) ?? read.Severity,
        };
    }

    /// <summary>What would be stored about the event's defect; null unless the event is a sample.</summary>
    public Defect? DefectOf(ParseResult parsed, DefectEvent read) => SampleEvents.DefectOf(parsed.GetValue(Event), read);

    private static async Task<byte[]> ReadBodyAsync(string name, CancellationToken stop)
    {
        if (SampleEvents.TryRead(name) is { } sample) return sample;
        try
        {
            await using var input = name == "-" ? System.Console.OpenStandardInput() : File.OpenRead(name);
            using var body = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int count; (count = await input.ReadAsync(buffer, stop)) > 0; body.Write(buffer, 0, count))
                if (body.Length > MaxBytes) throw new CommandException($"--event: '{name}' is larger than {MaxBytes / 1024 / 1024} MB.");
            return body.ToArray();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            var samples = string.Join(", ", SampleEvents.Names);
            var suggestion = Suggestion.For(name, SampleEvents.Names);
            throw new CommandException($"--event: there is no file and no sample '{name}'. Samples: {samples}.{suggestion}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--event: '{name}' can't be read: {error.Message}");
        }
    }
}
