using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Operations.Live;

/// <summary>Writes what a stream contains as JSON in one line, in the format of the other responses.</summary>
internal interface ILiveJson
{
    byte[] Write(ServiceStatus status);

    byte[] Write(EventSummary summary);

    byte[] Write(ConfigurationReport configuration);
}
