using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>A message of <see cref="SlackChannel"/>.</summary>
public sealed record SlackChannelMessage
{
    public required string Ts { get; init; }

    /// <summary>The message that it replies to; null: none.</summary>
    public string? Thread { get; init; }

    /// <summary>True for a reply that is shown in the channel too.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>What <c>chat.postMessage</c> or the last <c>chat.update</c> said.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The stamp in its metadata.</summary>
    public string? CorrelationKey { get; init; }

    public int Edits { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>Everything that it says, without the JSON around it.</summary>
    public string Text => string.Join('\n', JsonStrings.In(Body).Select(text => text.Value));
}
