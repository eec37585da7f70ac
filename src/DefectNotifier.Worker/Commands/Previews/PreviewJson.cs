using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Previews;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RouteReport))]
[JsonSerializable(typeof(SendReport))]
[JsonSerializable(typeof(MessageMode))]
internal sealed partial class PreviewJson : JsonSerializerContext
{
    public static PreviewJson Readable { get; } = new(OperationsJson.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)));
}
