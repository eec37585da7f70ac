using System.CommandLine;
using System.CommandLine.Completions;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Worker.Commands.Completion;

/// <summary>The words that a shell can offer for options and arguments.</summary>
internal static class Completions
{
    /// <summary>The names of the settings' destinations; none where the settings can't be read.</summary>
    public static Func<CompletionContext, IEnumerable<string>> Destinations(Option<string?> config) =>
        context => CommandSettings.DestinationNames(context.ParseResult.GetValue(config));

    public static IEnumerable<string> Severities(CompletionContext context) => Severity.Known.Select(severity => severity.Slug);

    public static IEnumerable<string> States(CompletionContext context) => [.. Enum.GetValues<DeliveryState>().Select(state => state.Word()), "all"];
}
