using System.CommandLine;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The options that choose the templates, the same for every command.</summary>
internal sealed class TemplateOptionSet
{
    private readonly Option<string?> _set = new("--template-set")
    {
        Description = "Use this template set instead of the route's.",
        HelpName = "SET",
    };
    private readonly Option<string?> _folder = new("--templates")
    {
        Description = "Use this folder of templates instead of Templates:Path.",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_set);
        command.Options.Add(_folder);
    }

    public string? Set(ParseResult parsed) => parsed.GetValue(_set);

    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);
}
