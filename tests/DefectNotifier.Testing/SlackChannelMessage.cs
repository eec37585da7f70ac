using System.Text.Json;

namespace DefectNotifier.Testing;

/// <summary>A message of <see cref="SlackChannel"/>.</summary>
public sealed record SlackChannelMessage
{
    public required string Ts { get; init; }

    /// <summary>The timestamp of the message that it replies to; null: not a reply.</summary>
    public string? Thread { get; init; }

    /// <summary>True for a reply that is also shown in the channel.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>The arguments of <c>chat.postMessage</c> or of the last <c>chat.update</c>.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The correlation key in its metadata.</summary>
    public string? CorrelationKey { get; init; }

    public int Edits { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>All strings of the message, one per line.</summary>
    public string Text => string.Join('\n', JsonStrings.In(Body).Select(text => text.Value));
}
