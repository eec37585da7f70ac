namespace DefectNotifier.Benchmarks.Limits;

/// <summary>The three least programs, each with a little more of the worker's task.</summary>
internal enum LimitKind
{
    /// <summary>Reads the body and answers 202.</summary>
    Raw,

    /// <summary>Answers after the body is on the disk.</summary>
    Append,

    /// <summary>Posts a message for each one besides, one at a time to each destination, and notes each that was posted.</summary>
    Deliver,
}
