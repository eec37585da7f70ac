using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Operations.Status;

namespace DefectNotifier.Worker.Commands.Serving;

/// <summary>Why the service is not ready, in lines for people: each says what fails and what to do.</summary>
internal static class HealthText
{
    public static IEnumerable<string> Of(ReadyReport report)
    {
        if (report.Status == "ready") yield break;
        yield return $"The service is {report.Status}.";
        if (report.Store != "writable")
            yield return $"The outbox can't be used: {report.Store}. Webhooks are refused until it works again.";
        if (report.Hint is not null) yield return "The reason is not shown here. The command \"status\" shows it.";
        foreach (var problem in report.Problems)
            yield return $"{problem.Part} has not worked since {problem.Since:u}: {problem.Detail.TrimEnd('.')}. See the log.";
        foreach (var lane in report.Lanes)
        {
            if (lane.State == LaneActivity.Stopped) yield return $"{lane.Destination} has stopped. See the log, and restart the service.";
            if (lane.State == LaneActivity.Parked) yield return Describe(lane);
        }

        foreach (var (destination, waiting) in report.WithoutDestination)
        {
            yield return $"{Waiting(waiting)} for {destination}, which is not configured. Configure it again, or discard them: "
                + $"outbox discard --destination {destination} --state pending";
        }

        foreach (var path in report.Configuration.Rejected)
            yield return $"The changed settings have an error at {path}, and the earlier ones are active. \"check\" shows the error.";
        foreach (var place in report.Configuration.BrokenTemplates)
            yield return $"The template {place} has an error and is not used. \"check\" shows the error.";
        foreach (var account in report.Qase.Where(account => account.State == QaseAccountState.Stopped))
            yield return $"Qase's API rejects the token of {account.Account}: names and details are missing. Set a new Qase:Token.";
    }

    private static string Describe(LaneStatus lane)
    {
        var advice = SendReasons.AdviceOn(lane.Reason) ?? "Fix its settings.";
        var waiting = lane.Waiting is { } count ? $", {Waiting(count)}" : "";
        return $"{lane.Destination} is parked ({lane.Reason?.Word()}){waiting}. {advice} Then: outbox resume {lane.Destination}";
    }

    private static string Waiting(long count) => count == 1 ? "1 delivery waits" : $"{count} deliveries wait";
}
