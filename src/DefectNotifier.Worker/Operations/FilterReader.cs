using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Operations;

/// <summary>Makes a query of what people write. What is wrong becomes a problem that names the parameter.</summary>
internal sealed class FilterReader(DateTimeOffset now)
{
    private static readonly string[] Moments = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    public AdminResult<DeliveryQuery> Read(DeliveryFilter filter)
    {
        if (ReadStates(filter.State, out var states) is { } state) return state;
        if (ReadSince(filter.Since, out var since) is { } late) return late;
        if (ReadNumber(filter.Id, "id", long.MaxValue, out var id) is { } noId) return noId;
        if (ReadNumber(filter.Before, "before", long.MaxValue, out var before) is { } noPlace) return noPlace;
        if (ReadNumber(filter.Limit, "limit", DeliveryQuery.MaxLimit, out var limit) is { } noLimit) return noLimit;
        return new DeliveryQuery
        {
            States = states,
            Id = id,
            EventId = filter.Event,
            Destination = filter.Destination,
            Reason = filter.Reason,
            ProjectCode = filter.Project,
            Since = since,
            BeforeId = before,
            Limit = (int)(limit ?? DeliveryQuery.DefaultLimit),
        };
    }

    /// <param name="request">What is meant.</param>
    /// <param name="allowed">The states in which it can be done.</param>
    public AdminResult<DeliveryQuery> Read(BulkRequest request, IReadOnlyList<DeliveryState> allowed)
    {
        if (!request.HasCondition) return Error("state", "Name at least one of state, event, destination, reason, project, since: everything at once is too easily meant by mistake.");
        if (ReadStates(request.State, out var states) is { } state) return state;
        if (states.FirstOrDefault(one => !allowed.Contains(one), allowed[0]) is var wrong && !allowed.Contains(wrong))
            return Error("state", $"{wrong.Word()} deliveries are not taken here, only {string.Join(", ", allowed.Select(one => one.Word()))}.");
        if (ReadSince(request.Since, out var since) is { } late) return late;
        return new DeliveryQuery
        {
            States = states,
            EventId = request.Event,
            Destination = request.Destination,
            Reason = request.Reason,
            ProjectCode = request.Project,
            Since = since,
            Limit = DeliveryQuery.MaxLimit,
        };
    }

    /// <summary>Refuses parameters that nobody reads: a slip in a condition's name would widen what is meant.</summary>
    public static Problem? ReadKeys(IQueryCollection sent, string[] known) =>
        sent.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } key
            ? Error(key, $"Is not a parameter; known are {string.Join(", ", known)}.")
            : null;

    public static Problem Error(string parameter, string detail) => Problem.Of(StatusCodes.Status400BadRequest, "invalid-filter", detail, parameter);

    private static Problem? ReadStates(IReadOnlyList<string>? texts, out IReadOnlyList<DeliveryState> states)
    {
        states = new DeliveryQuery().States;
        if (texts is null or []) return null;
        // JSON can say null where the type can't.
        if (texts.Any(text => text is null)) return Error("state", "A state is a text, not null.");
        var found = new List<DeliveryState>();
        foreach (var word in texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (string.Equals(word, "all", StringComparison.OrdinalIgnoreCase)) found.AddRange(Enum.GetValues<DeliveryState>());
            else if (DeliveryStates.TryParse(word, out var state)) found.Add(state);
            else return Error("state", $"A state is one of {string.Join(", ", Enum.GetValues<DeliveryState>().Select(one => one.Word()))}, or all.");
        }

        states = [.. found.Distinct()];
        return null;
    }

    /// <summary>A span back from now, or a moment.</summary>
    public Problem? ReadSince(string? text, out DateTimeOffset? since)
    {
        since = null;
        if (text is null) return null;
        if (DateTimeOffset.TryParseExact(text.Trim(), Moments, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)) since = moment;
        else if (DurationText.TryParse(text.Trim(), out var ago) && ago >= TimeSpan.Zero && ago < now - DateTimeOffset.UnixEpoch) since = now - ago;
        return since is null ? Error("since", "A time such as 2026-03-14T15:00:00Z, or how long ago, such as 2d or 12h.") : null;
    }

    public static Problem? ReadNumber(string? text, string parameter, long most, out long? number)
    {
        number = null;
        if (text is null) return null;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var found) || found < 1 || found > most)
            return Error(parameter, most == long.MaxValue ? "A whole number from 1." : $"A whole number from 1 to {most}.");
        number = found;
        return null;
    }
}
