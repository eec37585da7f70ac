using System.CommandLine;
using System.CommandLine.Completions;
using DefectNotifier.Events;
using DefectNotifier.Worker.Commands.Execution;

namespace DefectNotifier.Worker.Commands.Completion;

/// <summary>The values that shells offer for options and arguments.</summary>
internal static class Completions
{
    /// <summary>The names of the configured destinations; none when the settings can't be read.</summary>
    public static Func<CompletionContext, IEnumerable<string>> Destinations(Option<string?> config) =>
        context => CommandSettings.DestinationNames(context.ParseResult.GetValue(config));

    public static IEnumerable<string> Severities(CompletionContext context) => Severity.Known.Select(severity => severity.Slug);
}
