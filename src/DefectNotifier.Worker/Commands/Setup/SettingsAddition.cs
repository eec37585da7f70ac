using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Commands.Execution;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Linting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Destinations and a route for existing settings.</summary>
/// <param name="Text">The new text of the file.</param>
/// <param name="Route">The path of the new route.</param>
/// <param name="To">The destinations of the new route.</param>
internal sealed record SettingsAddition(string Text, string Route, IReadOnlyList<string> To)
{
    /// <param name="file">The path of the settings, for errors.</param>
    /// <param name="text">The present text of the file.</param>
    /// <param name="answers">The new destinations, possibly none, and the projects of the route.</param>
    /// <param name="to">The existing destinations of the route.</param>
    /// <param name="isNamed">True when the user has named the new destination, so that it gets this name or none.</param>
    /// <exception cref="CommandException">
    /// The settings are not JSON or do not have such a destination, or the route would never match.
    /// </exception>
    /// <exception cref="SettingsException">The new settings have errors that the present ones do not have.</exception>
    public static SettingsAddition Of(string file, string text, SetupAnswers answers, IReadOnlyList<string> to, bool isNamed = false)
    {
        var before = Read(file, text);
        foreach (var name in to) CommandSettings.RequireDestination(name, before.Names, "--to");
        var edited = new SettingsText(text);
        var names = new List<string>(to);
        foreach (var destination in answers.Destinations)
        {
            if (isNamed && before.Names.Contains(destination.Name, StringComparer.OrdinalIgnoreCase))
            {
                throw new CommandException(
                    $"--name: there is a destination '{destination.Name}' already. Pass --to {destination.Name} to add a route to it.");
            }

            var name = FreeName(destination.Name, [.. before.Names, .. names]);
            edited.AddMember("Destinations", name, JsonOf(SetupSettings.ObjectOf(destination)));
            names.Add(name);
        }

        var index = before.PlaceForRoute(isForAll: answers.ProjectCodes.Count == 0);
        edited.AddEntry("Routes", index, JsonOf(SetupSettings.RouteOf(answers.ProjectCodes, names)));
        var after = Read(file, edited.Text);
        var errors = after.Errors.Except(before.Errors, StringComparer.Ordinal).ToList();
        if (errors.Count > 0) throw new SettingsException(errors);
        var route = $"Routes:{index}";
        var shadowed = RouteCheck.Check([.. after.Settings.Routes])
            .FirstOrDefault(finding => finding.Code == FindingCode.ShadowedRoute && finding.Place == route);
        if (shadowed is not null)
        {
            var problem = shadowed.Message.Replace("Never", $"The new {route} never", StringComparison.Ordinal);
            throw new CommandException($"No changes made. {problem} Set \"Continue\": true there, or pass --project with other codes.");
        }

        return new SettingsAddition(edited.Text, route, names);
    }

    // slack, slack-2, slack-3.
    private static string FreeName(string name, IReadOnlyList<string> taken) =>
        Enumerable.Range(1, taken.Count + 1).Select(number => number == 1 ? name : $"{name}-{number}")
            .First(free => !taken.Contains(free, StringComparer.OrdinalIgnoreCase));

    private static string JsonOf(JsonObject json) => json.ToJsonString(OperationsJson.NewOptions());

    private static ReadText Read(string file, string text)
    {
        try
        {
            using var components = new ChatComponents(TimeProvider.System);
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            var root = SettingsSources.Parse(stream);
            IReadOnlyList<string> names = [.. root.GetSection("Destinations").GetChildren().Select(child => child.Key)];
            try
            {
                return new ReadText(components.NewSettingsReader().Read(root, []), [], names);
            }
            catch (SettingsException error)
            {
                return new ReadText(error.Settings!, error.Errors, names);
            }
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new CommandException($"{file}: {error.GetBaseException().Message}");
        }
    }

    private sealed record ReadText(NotifierSettings Settings, IReadOnlyList<string> Errors, IReadOnlyList<string> Names)
    {
        // At the end, or before the first route that takes everything, because no route behind that one would match.
        public int PlaceForRoute(bool isForAll)
        {
            // Without destinations, the settings that were read have a default route.
            if (Names.Count == 0) return 0;
            return isForAll
                ? Settings.Routes.Count
                : Settings.Routes.TakeWhile(route => route.Continue || !RouteCover.Covers(route, new RouteOptions())).Count();
        }
    }
}
