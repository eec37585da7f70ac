using System.CommandLine;
using DefectNotifier.Worker.Commands.Execution;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The options that choose the templates, the same for every command.</summary>
internal sealed class TemplateOptionSet
{
    private readonly Option<string?> _set =
        CommandOptions.Text("--template-set", "SET", "Use this template set instead of the route's.");

    private readonly Option<string?> _folder =
        CommandOptions.Text("--templates", "DIR", "Use this folder of templates instead of Templates:Path.");

    public void AddTo(Command command)
    {
        command.Options.Add(_set);
        command.Options.Add(_folder);
    }

    public string? Set(ParseResult parsed) => parsed.GetValue(_set);

    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);
}
