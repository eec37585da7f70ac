using System.CommandLine;
using DefectNotifier.Events;
using DefectNotifier.Worker.Commands.Completion;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The options that say which event is tried, the same for every command.</summary>
internal sealed class EventOptions
{
    private readonly Option<string?> _project = new("--project") { Description = "As if it came from this project.", HelpName = "CODE" };
    private readonly Option<string?> _severity = new("--severity") { Description = "As if the defect had this severity.", HelpName = "SEVERITY" };

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

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[Event, _project, _severity]) command.Options.Add(option);
    }

    /// <summary>The event that <c>--event</c> names, else the sample of <paramref name="standard"/>, as the other options want it.</summary>
    /// <exception cref="CommandException">It can't be read, or is no webhook of Qase's.</exception>
    public async Task<DefectEvent> ReadAsync(ParseResult parsed, string? standard, CancellationToken stop)
    {
        var name = parsed.GetValue(Event) ?? standard ?? throw new CommandException("--event is missing.");
        var result = WebhookParser.Parse(await ReadBodyAsync(name, stop), source: "");
        if (!result.IsEvent) throw new CommandException($"{name}: {result.Error.Detail}");
        var read = result.Event;
        return read with
        {
            ProjectCode = parsed.GetValue(_project)?.Trim() is { Length: > 0 } project ? project : read.ProjectCode,
            Severity = Severity.Parse(parsed.GetValue(_severity)) ?? read.Severity,
        };
    }

    /// <summary>What is remembered of the event's defect, as far as that is part of the samples.</summary>
    public Defect? DefectOf(ParseResult parsed, DefectEvent read) => SampleEvents.DefectOf(parsed.GetValue(Event), read);

    private static async Task<byte[]> ReadBodyAsync(string name, CancellationToken stop)
    {
        if (SampleEvents.TryRead(name) is { } sample) return sample;
        try
        {
            if (name != "-") return await File.ReadAllBytesAsync(name, stop);
            using var body = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(body, stop);
            return body.ToArray();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandException($"--event: there is neither a file nor a sample '{name}'; the samples are {string.Join(", ", SampleEvents.Names)}.{Suggestion.For(name, SampleEvents.Names)}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--event: '{name}' can't be read: {error.Message}");
        }
    }
}
