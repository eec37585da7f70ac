using System.Text;

namespace DefectNotifier.Testing;

/// <summary>What a <see cref="ScriptedServer"/> can do on a connection.</summary>
public static class Scripts
{
    /// <summary>
    /// Resets the connection after the first byte. An earlier reset could hit the client while it connects.
    /// </summary>
    public static async Task ResetAtFirstByte(ScriptedConnection connection)
    {
        await connection.ReadByteAsync();
        connection.Reset();
    }

    /// <summary>Reads the request and closes the connection without a response.</summary>
    public static Task CloseAfterReading(ScriptedConnection connection) => connection.ReadRequestAsync();

    /// <summary>Reads the request and resets the connection.</summary>
    public static async Task ResetAfterReading(ScriptedConnection connection)
    {
        await connection.ReadRequestAsync();
        connection.Reset();
    }

    /// <summary>Reads the request and sends nothing until the server is disposed.</summary>
    public static async Task Silence(ScriptedConnection connection)
    {
        await connection.ReadRequestAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
    }

    /// <summary>Reads the request, writes these bytes and closes.</summary>
    public static Func<ScriptedConnection, Task> Raw(string text) => async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync(text);
    };

    /// <summary>Sends these responses, one per request, on a connection that stays open.</summary>
    public static Func<ScriptedConnection, Task> Answers(params string[] responses) => async connection =>
    {
        foreach (var response in responses)
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(response);
        }
    };

    /// <summary>
    /// Writes a response character by character, with a pause before each, and closes. Like any script that ends after a whole response, it
    /// needs <see cref="LastResponse"/>.
    /// </summary>
    public static Func<ScriptedConnection, Task> Dribble(string response, TimeSpan pause) => async connection =>
    {
        await connection.ReadRequestAsync();
        foreach (var letter in response)
        {
            await Task.Delay(pause, TimeProvider.System, connection.Stopped);
            await connection.WriteAsync(letter.ToString());
        }
    };

    /// <summary>Sends 200 with a body that never ends.</summary>
    public static async Task EndlessBody(ScriptedConnection connection)
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\n");
        while (true)
            await connection.WriteAsync(new string('x', 4096));
    }

    /// <summary>Sends the headers and the start of a body, then nothing until the server is disposed.</summary>
    public static Func<ScriptedConnection, Task> StalledBody(int status, string start, params string[] headers) => async connection =>
    {
        await connection.ReadRequestAsync();
        var lines = string.Concat(headers.Select(header => header + "\r\n"));
        await connection.WriteAsync($"HTTP/1.1 {status} X\r\nContent-Length: 1000\r\n{lines}\r\n{start}");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, connection.Stopped);
    };

    /// <summary>
    /// The text of a response that announces that the connection is closed after it. Otherwise the client may send its next request on a
    /// connection that the server is closing, and loses that response.
    /// </summary>
    /// <inheritdoc cref="Response"/>
    public static string LastResponse(int status, string body, params string[] headers) =>
        Response(status, body, [.. headers, "Connection: close"]);

    /// <summary>The text of a response with the right Content-Length.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">Further header lines, for example <c>Retry-After: 7</c>.</param>
    public static string Response(int status, string body, params string[] headers)
    {
        var lines = string.Concat(headers.Select(header => header + "\r\n"));
        return $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{lines}\r\n{body}";
    }
}
