using System.Net.Http.Headers;
using System.Text;
using System.Threading.Channels;
using DefectNotifier.Benchmarks.Load;

namespace DefectNotifier.Benchmarks.Limits;

/// <summary>Posts a message for each webhook: one at a time per destination, all destinations concurrently.</summary>
internal sealed class LimitPosts
{
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });

    private readonly Channel<(long Id, int Defect)>[] _lanes;

    public LimitPosts(string chat, int destinations, GroupCommit commits)
    {
        var options = new UnboundedChannelOptions { SingleReader = true };
        _lanes = [.. Enumerable.Range(0, destinations).Select(_ => Channel.CreateUnbounded<(long, int)>(options))];
        for (var lane = 0; lane < destinations; lane++) _ = PostAsync(_lanes[lane].Reader, new Uri(chat + lane), commits);
    }

    public void Add(long id, ReadOnlySpan<byte> body)
    {
        var defect = Numbers.After(body, "\"id\":"u8);
        _lanes[defect % _lanes.Length].Writer.TryWrite((id, defect));
    }

    private static async Task PostAsync(ChannelReader<(long Id, int Defect)> waiting, Uri address, GroupCommit commits)
    {
        await foreach (var (id, defect) in waiting.ReadAllAsync())
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Message(defect)));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await Http.PostAsync(address, content);
            if (response.IsSuccessStatusCode) commits.Complete(id);
        }
    }

    // As long as the worker's message.
    private static string Message(int defect) =>
        $$$"""{"text":"New defect {{{defect}}}","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"{{{Text(defect)}}}"}}]}""";

    private static string Text(int defect) => $"<https://app.example/view/{defect}|Checkout ignores the coupon> {Filler}";

    private static string Filler { get; } = new('.', Webhooks.MessageLength - 150);
}
