using System.Text.Json;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations.Live;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Operations;

/// <summary>The data of a stream: the JSON of the other responses in one line.</summary>
internal sealed class LiveJson : ILiveJson
{
    private static readonly OperationsJson Json = new(new JsonSerializerOptions(OperationsJson.NewOptions()) { WriteIndented = false });

    public byte[] Write(ServiceStatus status) => JsonSerializer.SerializeToUtf8Bytes(status, Json.ServiceStatus);

    public byte[] Write(EventSummary summary) => JsonSerializer.SerializeToUtf8Bytes(summary, Json.EventSummary);

    public byte[] Write(ConfigurationReport configuration) =>
        JsonSerializer.SerializeToUtf8Bytes(configuration, Json.ConfigurationReport);
}
