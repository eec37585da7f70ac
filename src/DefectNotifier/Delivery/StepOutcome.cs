using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Delivery;

/// <summary>What a step came to.</summary>
/// <param name="Result">The send's result, as it counts for the delivery.</param>
/// <param name="MessageThread">What is known of the defect's message from now on; null: as before.</param>
/// <param name="GoesOn">True when the delivery goes on with another step.</param>
internal sealed record StepOutcome(SendResult Result, MessageThread? MessageThread = null, bool GoesOn = false);
