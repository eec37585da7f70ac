using System.Text.Json;
using System.Text.Json.Serialization;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Worker.Commands.Trying;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RouteAnswer))]
[JsonSerializable(typeof(SendAnswer))]
[JsonSerializable(typeof(ConversationMode))]
internal sealed partial class TryingJson : JsonSerializerContext
{
    public static TryingJson Readable { get; } = new(OperationsJson.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web)));
}
