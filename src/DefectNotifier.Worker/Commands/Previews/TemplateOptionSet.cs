using System.CommandLine;

namespace DefectNotifier.Worker.Commands.Previews;

/// <summary>The options that say which templates are used, the same for every command.</summary>
internal sealed class TemplateOptionSet
{
    private readonly Option<string?> _set = new("--template-set") { Description = "Look into this set first, whatever the routes say.", HelpName = "SET" };
    private readonly Option<string?> _folder = new("--templates") { Description = "The folder of templates, in place of Templates:Path.", HelpName = "DIR" };

    public void AddTo(Command command)
    {
        command.Options.Add(_set);
        command.Options.Add(_folder);
    }

    public string? Set(ParseResult parsed) => parsed.GetValue(_set);

    public string? Folder(ParseResult parsed) => parsed.GetValue(_folder);
}
