using System.Net;
using System.Text;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Qase, at a steady rate: resends what got no 202.</summary>
internal static class Webhooks
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>About as long as what the shipped template makes of <see cref="Body"/> for Slack.</summary>
    public const int MessageLength = 1500;

    /// <summary>A new defect, 277 bytes with a number of nine digits and a project of <see cref="Project"/>.</summary>
    public static string Body(int defect, string project = "WEB") =>
        $$"""{"event_name":"defect.created","timestamp":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},"payload":{"id":{{defect}},"title":"Checkout ignores the coupon","severity":"major","actual_result":"The discount row disappears after the second reload.","attachments":[]},"team_member_id":418,"project_code":"{{project}}"}""";

    /// <summary>The project of a destination; all are equally long.</summary>
    public static string Project(int destination) => $"P{destination:0000}";

    /// <summary>Sends the defects from 1 on at a rate, one after the other, until all are accepted; tells each that was.</summary>
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
