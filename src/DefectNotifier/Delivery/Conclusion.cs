using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>What a send came to, and what follows from it.</summary>
internal sealed record Conclusion(PendingDelivery Delivery, SendResult Result, AttemptOutcome Outcome);
