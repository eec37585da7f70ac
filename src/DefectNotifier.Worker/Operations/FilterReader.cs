using System.Globalization;
using DefectNotifier.Events;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Routing;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>Reads the parameters of one request. All are texts; the first error becomes a problem that names its parameter.</summary>
/// <param name="now">The time.</param>
/// <param name="errorCode">The code of the problem, unless the parameter has its own.</param>
internal sealed class FilterReader(DateTimeOffset now, string errorCode = "invalid-filter")
{
    private const int MaxText = 200;

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
    ];

    private static string StateWords => string.Join(", ", Enum.GetValues<DeliveryState>().Select(one => one.Word()));

    public Problem? Problem { get; private set; }

    /// <summary>An unknown parameter is an error: a typo in the name of a condition would select more than was meant.</summary>
    public static FilterReader Of(IQueryCollection sent, string[] known, TimeProvider time)
    {
        var reader = new FilterReader(time.GetUtcNow());
        foreach (var key in sent.Keys.Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase)))
            reader.AddError(key, $"Unknown parameter; the parameters are {string.Join(", ", known)}.");
        return reader;
    }

    public AdminResult<DeliveryQuery> Read(DeliveryFilter filter)
    {
        var query = new DeliveryQuery
        {
            States = States(filter.State),
            Since = Since(filter.Since),
            Id = Number(filter.Id, "id", long.MaxValue),
            BeforeId = Number(filter.Before, "before", long.MaxValue),
            Limit = (int)(Number(filter.Limit, "limit", DeliveryQuery.MaxLimit) ?? DeliveryQuery.DefaultLimit),
            EventId = filter.Event,
            Destination = filter.Destination,
            Reason = Reason(filter.Reason),
            ProjectCode = filter.Project,
        };
        return Problem is { } problem ? problem : query;
    }

    public AdminResult<EventSummaryQuery> Read(EventFilter filter)
    {
        var isUnrouted = string.Equals(filter.State, EventFilter.Unrouted, StringComparison.OrdinalIgnoreCase);
        var query = new EventSummaryQuery
        {
            IdPrefix = filter.Event,
            ProjectCode = filter.Project is { } project ? new Glob(project) : null,
            Name = filter.Name is { } name ? new Glob(name) : null,
            Severity = Severity.Parse(filter.Severity)?.Slug,
            Source = filter.Source,
            SubjectId = Number(filter.Defect, "defect", long.MaxValue),
            Words = filter.Text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [],
            UnroutedOnly = isUnrouted,
            Destination = filter.Destination,
            State = isUnrouted ? null : State(filter.State),
            Reason = Reason(filter.Reason),
            Since = Since(filter.Since),
            Until = Since(filter.Until, "until"),
            Before = Number(filter.Before, "before", long.MaxValue),
            Limit = (int)(Number(filter.Limit, "limit", EventSummaryQuery.MaxLimit) ?? EventSummaryQuery.DefaultLimit),
        };
        // Every word is looked for in every title.
        if (filter.Text?.Length > MaxText) AddError("text", $"Must have at most {MaxText} characters.");
        return Problem is { } problem ? problem : query;
    }

    public AdminResult<DeliveryQuery> Read(BulkRequest request, IReadOnlyList<DeliveryState> allowed)
    {
        if (!request.HasCondition)
            AddError("state", "At least one of state, ids, event, destination, reason, project and since is required.");
        if (request.Ids is { Count: 0 or > BulkRequest.MaxIds }) AddError("ids", $"Must have 1 to {BulkRequest.MaxIds} numbers.");
        var isAnyState = request.Ids is not null && request.State is null or [];
        var states = isAnyState ? Enum.GetValues<DeliveryState>() : States(request.State);
        foreach (var state in states.Where(state => !isAnyState && !allowed.Contains(state)))
        {
            var words = string.Join(", ", allowed.Select(one => one.Word()));
            AddError("state", $"This action does not accept {state.Word()} deliveries, only {words}.");
        }

        var query = new DeliveryQuery
        {
            States = states,
            Since = Since(request.Since),
            EventId = request.Event,
            Destination = request.Destination,
            Reason = Reason(request.Reason),
            ProjectCode = request.Project,
            Limit = DeliveryQuery.MaxLimit,
        };
        return Problem is { } problem ? problem : query;
    }

    /// <summary>An age, or a time.</summary>
    public DateTimeOffset? Since(string? text, string parameter = "since")
    {
        if (text is null) return null;
        if (TryParseTime(text, out var time)) return time;
        var isAge = DurationText.TryParse(text.Trim(), out var age);
        if (isAge && age >= TimeSpan.Zero && age < now - DateTimeOffset.UnixEpoch) return now - age;
        AddError(parameter, "Must be a time such as 2026-03-14T15:00:00Z, or an age such as 2d or 12h.");
        return null;
    }

    /// <summary>A time from 1970 to 2999; time zones have rules for it.</summary>
    public DateTimeOffset? Time(string? text, string parameter)
    {
        if (text is null) return null;
        if (TryParseTime(text, out var time) && time.Year is >= 1970 and < 3000) return time;
        AddError(parameter, "Must be a time such as 2026-03-14T15:00:00Z.");
        return null;
    }

    /// <summary>A whole number from 1 to a maximum.</summary>
    public long? Number(string? text, string parameter, long max)
    {
        if (text is null) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max)
            return number;
        AddError(parameter, $"Must be a whole number {(max == long.MaxValue ? "of at least 1" : $"from 1 to {max}")}.");
        return null;
    }

    public bool Flag(string? text, string parameter)
    {
        if (text is null) return false;
        if (!bool.TryParse(text, out var flag)) AddError(parameter, "Must be true or false.");
        return flag;
    }

    public void AddError(string parameter, string detail, string? code = null) =>
        Problem ??= Problem.Of(Status400BadRequest, code ?? errorCode, detail, parameter);

    private static bool TryParseTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text.Trim(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private SendReason? Reason(string? text)
    {
        if (text is null) return null;
        var reason = SendReasons.Parse(text.ToLowerInvariant());
        if (reason is null)
            AddError("reason", $"Must be one of {string.Join(", ", Enum.GetValues<SendReason>().Select(one => one.Word()))}.");
        return reason;
    }

    private DeliveryState? State(string? word)
    {
        if (word is null) return null;
        var state = DeliveryStates.Parse(word.Trim());
        if (state is null) AddError("state", $"Must be one of {StateWords}, or {EventFilter.Unrouted}.");
        return state;
    }

    private IReadOnlyList<DeliveryState> States(IReadOnlyList<string>? texts)
    {
        if (texts is null or []) return new DeliveryQuery().States;
        // JSON can contain null although the type does not allow it.
        if (texts.Any(text => text is null)) AddError("state", "A state must be a text, not null.");
        var states = new List<DeliveryState>();
        foreach (var word in texts.OfType<string>().SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (string.Equals(word, "all", StringComparison.OrdinalIgnoreCase)) states.AddRange(Enum.GetValues<DeliveryState>());
            else if (DeliveryStates.Parse(word) is { } state) states.Add(state);
            else AddError("state", $"Must be one of {StateWords}, or all.");
        }

        return [.. states.Distinct()];
    }
}
