namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>One message that a chat got.</summary>
internal readonly record struct Arrival(OwedMessage Message, bool MayBeRepeat);
