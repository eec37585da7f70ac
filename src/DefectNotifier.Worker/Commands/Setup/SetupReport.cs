using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Writes what <c>init</c> has done, and the commands that follow, ready to be copied into a shell.</summary>
internal static class SetupReport
{
    private const string FirstEvent =
        """{"event_name":"defect.created","payload":{"id":1,"title":"My first defect","severity":"major"},"project_code":"WEB"}""";

    // Set in the images of .NET.
    private static readonly bool IsInContainer = Environment.GetEnvironmentVariable("DOTNET_RUNNING_IN_CONTAINER") == "true";

    public static void WriteCreated(SetupFiles files, SetupAnswers answers, SetupSecrets secrets)
    {
        Output.WriteLine(
            $"Wrote {files.Settings} (readable only by its owner, because it contains secrets) and the templates in {files.Templates}.",
            TerminalStyle.Good);
        if (!answers.HasChat)
        {
            Output.WriteLine("There is no chat yet: messages are only shown in the terminal of the service. To add a chat:");
            WriteCommand($"{Program()} init --add{(IsInContainer ? "" : $" --dir {Quote(files.Folder)}")}");
        }

        Output.WriteLine("");
        Output.WriteLine("In Qase: the project's settings, Webhooks, Create a webhook.");
        Output.WriteLine("  URL     the public address of this service, with the path /webhooks/qase");
        Output.WriteLine($"  Secret  {secrets.Ingress}");
        Output.WriteLine("          (in the settings: Ingress:Secrets)");
        Output.WriteLine("");
        Output.WriteLine("Console and commands: log in to http://127.0.0.1:8081/console/ of the running service.");
        Output.WriteLine($"  Secret  {secrets.Operations}");
        Output.WriteLine("          (in the settings: Operations:Secrets, where the commands read it)");
        Output.WriteLine("");
        Output.WriteLine("Check the settings, preview a message, send a test message, and start the service:");
        var name = answers.Destinations[0].Name;
        WriteFolder(files);
        WriteCommand($"{Program()} check");
        WriteCommand($"{Program()} render --event defect.created --to {name}");
        WriteCommand($"{Program()} send --event defect.created --to {name}");
        if (!IsInContainer)
        {
            WriteCommand(Program());
            Output.WriteLine("Or in a container, as the owner of the files, so that it can read them:");
            WriteFolder(files);
        }

        WriteCommand(
            "docker run --name defect-notifier --read-only --user \"$(id -u):$(id -g)\" -v \"$PWD:/config:ro\" -w /config "
            + "-v \"$PWD/data:/data\" -p 8080:8080 -p 127.0.0.1:8081:8081 defect-notifier");
        Output.WriteLine("Then send it a first event, from another shell:");
        WriteCommand($"QASE_SECRET={secrets.Ingress}");
        WriteCommand($"curl http://127.0.0.1:8080/webhooks/qase -H \"X-Qase-Secret: $QASE_SECRET\" -d {Quote(EventOf(answers))}");
    }

    public static void WriteAdded(SetupFiles files, SettingsAddition added, bool isReadable)
    {
        var path = files.Settings;
        if (isReadable) Output.WriteWarning($"Other users can read {path}, which contains secrets. Run: chmod 600 {Quote(path)}");
        if (Output.IsQuiet) return;
        Output.WriteLine($"Added {added.Route}, to {string.Join(", ", added.To)}, to {files.Settings}.", TerminalStyle.Good);
        Output.WriteLine("A running service applies it within three seconds. Check the settings, and send a test message:");
        WriteFolder(files);
        WriteCommand($"{Program()} check");
        WriteCommand($"{Program()} send --event defect.created --to {added.To[0]}");
    }

    /// <summary>A word of a shell command; in single quotes when it has other characters than those of plain paths.</summary>
    internal static string Quote(string word) =>
        word.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '.' or '_' or '-')
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // The event must match the route.
    private static string EventOf(SetupAnswers answers) =>
        answers.ProjectCodes is [var code, ..] ? FirstEvent.Replace("WEB", code.Replace('*', 'X').Replace('?', 'X')) : FirstEvent;

    // A container is started in the mounted folder. Its paths are not those of the shell that the commands are copied into.
    private static void WriteFolder(SetupFiles files)
    {
        if (!IsInContainer) WriteCommand($"cd {Quote(files.Folder)}");
    }

    private static string Program() => IsInContainer
        ? "docker run --rm -it --user \"$(id -u):$(id -g)\" -v \"$PWD:/config\" -w /config defect-notifier"
        : Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? Quote(path)
        : $"dotnet {Quote(Environment.GetCommandLineArgs()[0])}";

    private static void WriteCommand(string command) => Output.WriteLine($"  {command}");
}
