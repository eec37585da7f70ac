namespace DefectNotifier.Delivery;

/// <summary>What to do with a delivery that may have been posted.</summary>
/// <param name="MarkRepeat">Send it, with or without the line that it may be a repeat.</param>
/// <param name="Instead">What is recorded instead of sending; null: send.</param>
internal sealed record RepeatVerdict(bool MarkRepeat, SendResult? Instead = null);
