using System.Net;
using System.Text;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Sends webhooks like Qase, at a steady rate, and again until each has its 202.</summary>
internal static class Webhooks
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>About the length of the default Slack message for <see cref="Body"/>.</summary>
    public const int MessageLength = 1500;

    private const string Result = "The discount row disappears after the second reload.";

    /// <summary>A new defect: 277 bytes with an id of nine digits and a project of <see cref="Project"/>.</summary>
    public static string Body(int defect, string project = "WEB")
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return $$"""{"event_name":"defect.created","timestamp":{{time}},"payload":{"id":{{defect}}"""
            + $$""","title":"Checkout ignores the coupon","severity":"major","actual_result":"{{Result}}","attachments":[]}"""
            + $$""","team_member_id":418,"project_code":"{{project}}"}""";
    }

    /// <summary>The project of a destination; all have the same length.</summary>
    public static string Project(int destination) => $"P{destination:0000}";

    /// <summary>Sends the defects from 1 at this rate, one after the other, until all are accepted.</summary>
    public static async Task SendAsync(Func<Uri> ingress, int count, double perSecond, Action<int> accepted)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var defect = 1; defect <= count; defect++)
        {
            var due = TimeSpan.FromSeconds((defect - 1) / perSecond) - TimeProvider.System.GetElapsedTime(began);
            if (due > TimeSpan.Zero) await Task.Delay(due, TimeProvider.System);
            while (!await IsAcceptedAsync(ingress(), defect)) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            accepted(defect);
        }
    }

    private static async Task<bool> IsAcceptedAsync(Uri ingress, int defect)
    {
        try
        {
            using var content = new StringContent(Body(defect), Encoding.UTF8, "application/json");
            using var response = await Http.PostAsync(ingress, content);
            return response.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
