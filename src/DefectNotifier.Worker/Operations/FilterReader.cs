using System.Globalization;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Worker.Operations;

/// <summary>Parses the conditions of a request into a query. An error becomes a problem that names the parameter.</summary>
internal sealed class FilterReader(DateTimeOffset now)
{
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
    ];

    public AdminResult<DeliveryQuery> Read(DeliveryFilter filter)
    {
        if (ReadStates(filter.State, out var states) is { } stateError) return stateError;
        if (ReadSince(filter.Since, out var since) is { } sinceError) return sinceError;
        if (ReadNumber(filter.Id, "id", long.MaxValue, out var id) is { } idError) return idError;
        if (ReadNumber(filter.Before, "before", long.MaxValue, out var before) is { } beforeError) return beforeError;
        if (ReadNumber(filter.Limit, "limit", DeliveryQuery.MaxLimit, out var limit) is { } limitError) return limitError;
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

    /// <param name="request">The conditions.</param>
    /// <param name="allowed">The states that the action accepts.</param>
    public AdminResult<DeliveryQuery> Read(BulkRequest request, IReadOnlyList<DeliveryState> allowed)
    {
        if (!request.HasCondition)
            return Error("state", "At least one of state, event, destination, reason, project and since is required.");
        if (ReadStates(request.State, out var states) is { } stateError) return stateError;
        foreach (var state in states.Where(state => !allowed.Contains(state)))
        {
            var words = string.Join(", ", allowed.Select(one => one.Word()));
            return Error("state", $"This action does not accept {state.Word()} deliveries, only {words}.");
        }

        if (ReadSince(request.Since, out var since) is { } sinceError) return sinceError;
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

    /// <summary>Rejects unknown parameters: a typo in the name of a condition would select more than was meant.</summary>
    public static Problem? ReadKeys(IQueryCollection sent, string[] known) =>
        sent.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } key
            ? Error(key, $"Unknown parameter; the parameters are {string.Join(", ", known)}.")
            : null;

    public static Problem Error(string parameter, string detail) =>
        Problem.Of(StatusCodes.Status400BadRequest, "invalid-filter", detail, parameter);

    /// <summary>An age, or a time.</summary>
    public Problem? ReadSince(string? text, out DateTimeOffset? since)
    {
        since = null;
        if (text is null) return null;
        var trimmed = text.Trim();
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal;
        if (DateTimeOffset.TryParseExact(trimmed, TimeFormats, CultureInfo.InvariantCulture, Utc, out var time)) since = time;
        else if (DurationText.TryParse(trimmed, out var age) && age >= TimeSpan.Zero && age < now - DateTimeOffset.UnixEpoch)
            since = now - age;
        return since is null ? Error("since", "Must be a time such as 2026-03-14T15:00:00Z, or an age such as 2d or 12h.") : null;
    }

    public static Problem? ReadNumber(string? text, string parameter, long max, out long? number)
    {
        number = null;
        if (text is null) return null;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var found) || found < 1 || found > max)
        {
            var range = max == long.MaxValue ? "of at least 1" : $"from 1 to {max}";
            return Error(parameter, $"Must be a whole number {range}.");
        }

        number = found;
        return null;
    }

    private static Problem? ReadStates(IReadOnlyList<string>? texts, out IReadOnlyList<DeliveryState> states)
    {
        states = new DeliveryQuery().States;
        if (texts is null or []) return null;
        // JSON can contain null although the type does not allow it.
        if (texts.Any(text => text is null)) return Error("state", "A state must be a text, not null.");
        var found = new List<DeliveryState>();
        foreach (var word in texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (string.Equals(word, "all", StringComparison.OrdinalIgnoreCase)) found.AddRange(Enum.GetValues<DeliveryState>());
            else if (DeliveryStates.TryParse(word, out var state)) found.Add(state);
            else
            {
                var words = Enum.GetValues<DeliveryState>().Select(one => one.Word());
                return Error("state", $"Must be one of {string.Join(", ", words)}, or all.");
            }
        }

        states = [.. found.Distinct()];
        return null;
    }
}
