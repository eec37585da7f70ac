using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Operations;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Commands.Setup;

/// <summary>Writes the settings file of a new installation.</summary>
internal static class SetupSettings
{
    /// <summary>The content of the file, UTF-8, accepted by the service.</summary>
    /// <exception cref="SettingsException">The answers do not make valid settings.</exception>
    public static byte[] Write(SetupAnswers answers, SetupSecrets secrets)
    {
        var route = RouteOf(answers.ProjectCodes, answers.Destinations.Select(one => one.Name));
        // A chat that is added later gets the events too.
        if (!answers.HasChat) route["Continue"] = true;
        var settings = new JsonObject
        {
            ["Ingress"] = new JsonObject { ["Secrets"] = ListOf([secrets.Ingress]) },
            ["Operations"] = new JsonObject { ["Secrets"] = ListOf([secrets.Operations]) },
            ["Destinations"] = new JsonObject(
                answers.Destinations.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)ObjectOf(one)))),
            ["Routes"] = new JsonArray(route),
        };
        var file = Encoding.UTF8.GetBytes(settings.ToJsonString(OperationsJson.NewOptions()) + "\n");
        Validate(file);
        return file;
    }

    /// <summary>A route; without project codes it takes everything.</summary>
    public static JsonObject RouteOf(IReadOnlyList<string> projectCodes, IEnumerable<string> to)
    {
        var route = new JsonObject();
        if (projectCodes.Count > 0) route["ProjectCodes"] = ListOf(projectCodes);
        route["To"] = ListOf(to);
        return route;
    }

    /// <summary>A destination, with its secrets.</summary>
    public static JsonObject ObjectOf(DestinationOptions destination)
    {
        var json = new JsonObject { ["Type"] = destination.Type };
        if (destination.Channel is { } channel) json["Channel"] = channel;
        if (destination.Token is { } token) json["Token"] = token.Reveal();
        if (destination.Url is { } url) json["Url"] = url.Reveal();
        if (destination.As is { } platform) json["As"] = platform;
        return json;
    }

    private static JsonArray ListOf(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    // Validated by the reader that the service uses.
    private static void Validate(byte[] file)
    {
        using var stream = new MemoryStream(file);
        using var components = new ChatComponents(TimeProvider.System);
        components.NewSettingsReader().Read(SettingsSources.Parse(stream), []);
    }
}

/// <summary>The secrets of a new installation.</summary>
/// <param name="Ingress">For Qase's webhooks.</param>
/// <param name="Operations">For operators: the console and the commands.</param>
internal sealed record SetupSecrets(string Ingress, string Operations)
{
    private const int Bytes = 32;

    public static SetupSecrets Create() => new(Random(), Random());

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
}
