using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Tests;

/// <summary>A logger that records log messages.</summary>
internal sealed class LogLines<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

    public IReadOnlyList<int> EventIds => [.. _lines.Select(line => line.Id)];

    public IReadOnlyList<string> Texts => [.. _lines.Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, formatter(state, exception)));
}
