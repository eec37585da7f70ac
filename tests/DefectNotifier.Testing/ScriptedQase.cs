using System.Collections.Concurrent;
using System.Text;
using DefectNotifier.Enrichment;

namespace DefectNotifier.Testing;

/// <summary>A simulated Qase workspace with scripted responses; it does not find anything else.</summary>
public sealed class ScriptedQase : IQaseApi
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<QaseHttpResponse>>> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _asked = new();

    /// <summary>The requests, in order.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>The response to every request, while it is set.</summary>
    public Func<CancellationToken, Task<QaseHttpResponse>>? Always { get; set; }

    /// <summary>Never responds, and ignores cancellation.</summary>
    public static Func<CancellationToken, Task<QaseHttpResponse>> Silence(JumpingTime time) => token =>
    {
        _ = time.HangAsync(token);
        return new TaskCompletionSource<QaseHttpResponse>().Task;
    };

    public static Func<CancellationToken, Task<QaseHttpResponse>> Response(int status, string body = "{}", TimeSpan? retryAfter = null) =>
        _ => Task.FromResult(new QaseHttpResponse { Status = status, Body = Encoding.UTF8.GetBytes(body), RetryAfter = retryAfter });

    public ScriptedQase Set(string path, string result) => Set(path, Response(200, $$"""{"status":true,"result":{{result}}}"""));

    public ScriptedQase Set(string path, Func<CancellationToken, Task<QaseHttpResponse>> response)
    {
        _answers[path] = response;
        return this;
    }

    public Task<QaseHttpResponse> GetAsync(string path, CancellationToken cancellationToken)
    {
        // A test that sees the request may change the response to the next one.
        var always = Always;
        _asked.Enqueue(path);
        return always is not null ? always(cancellationToken)
            : _answers.TryGetValue(path, out var response) ? response(cancellationToken)
            : Task.FromResult(new QaseHttpResponse { Status = 404, Body = Payloads.Read("api/error-404.json") });
    }
}
