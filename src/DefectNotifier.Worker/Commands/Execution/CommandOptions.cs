using System.CommandLine;

namespace DefectNotifier.Worker.Commands.Execution;

/// <summary>The two usual kinds of options.</summary>
internal static class CommandOptions
{
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
    };
}
