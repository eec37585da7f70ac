using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Testing;

/// <summary>
/// A simulated Slack channel with messages, threads, updates and deletions, behind the Web API. The response to the next call can be
/// scripted, in place of the call or after it was carried out.
/// </summary>
public sealed class SlackChannel(TimeProvider time, string id = "C0123456789") : ISlackApi
{
    private readonly Lock _lock = new();
    private readonly List<SlackChannelMessage> _messages = [];
    private readonly List<(string Method, DateTimeOffset At)> _calls = [];
    private readonly Dictionary<string, Queue<(SlackResponse? Response, bool IsDone)>> _script = new(StringComparer.Ordinal);
    private long _lastTs;

    public string Id => id;

    /// <summary>True: messages can no longer be edited.</summary>
    public bool IsEditWindowClosed { get; set; }

    /// <summary>False: messages accept no replies.</summary>
    public bool HasThreads { get; set; } = true;

    /// <summary>False: replies can't be shown in the channel.</summary>
    public bool TakesBroadcasts { get; set; } = true;

    public bool IsMember { get; set; } = true;

    /// <summary>True: the channel is public and the token may join it.</summary>
    public bool MayJoin { get; set; }

    /// <summary>False: the token may not read the channel.</summary>
    public bool MayRead { get; set; } = true;

    /// <summary>All posted messages, in order.</summary>
    public IReadOnlyList<SlackChannelMessage> Messages
    {
        get
        {
            lock (_lock) return [.. _messages];
        }
    }

    /// <summary>The messages that the channel shows: no replies, nothing deleted.</summary>
    public IReadOnlyList<SlackChannelMessage> Roots => [.. Messages.Where(message => message is { Thread: null, IsDeleted: false })];

    /// <summary>The calls with their times.</summary>
    public IReadOnlyList<(string Method, DateTimeOffset At)> Calls
    {
        get
        {
            lock (_lock) return [.. _calls];
        }
    }

    public IReadOnlyList<SlackChannelMessage> RepliesTo(SlackChannelMessage root) =>
        [.. Messages.Where(message => message.Thread == root.Ts && !message.IsDeleted)];

    public int CallsOf(string method) => Calls.Count(call => call.Method == method);

    /// <summary>The next call of the method gets this response and is not carried out.</summary>
    public SlackChannel Refuse(string method, SlackResponse response) => Script(method, response, isDone: false);

    /// <summary>The next call of the method fails with this error code.</summary>
    public SlackChannel Refuse(string method, string error) => Refuse(method, new SlackResponse { Error = error });

    /// <summary>The next call of the method is carried out, but its response is lost.</summary>
    public SlackChannel LoseResponse(string method) =>
        Script(method, new SlackResponse { Failure = new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost) }, isDone: true);

    /// <summary>The next call of the method is carried out normally.</summary>
    public SlackChannel Pass(string method) => Script(method, response: null, isDone: true);

    /// <summary>A person deletes a message.</summary>
    public void Delete(SlackChannelMessage message)
    {
        lock (_lock)
        {
            var place = _messages.FindIndex(one => one.Ts == message.Ts);
            _messages[place] = _messages[place] with { IsDeleted = true };
        }
    }

    /// <summary>Runs before the next call is carried out, for example another change.</summary>
    public Func<Task>? Meanwhile { get; set; }

    public async Task<SlackResponse> CallAsync(string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var meanwhile = Meanwhile;
        Meanwhile = null;
        if (meanwhile is not null) await meanwhile();
        lock (_lock)
        {
            _calls.Add((method, time.GetUtcNow()));
            var arguments = JsonNode.Parse(json.Span)!.AsObject();
            var scripted = _script.TryGetValue(method, out var queue) && queue.TryDequeue(out var next)
                ? next
                : (Response: null, IsDone: true);
            var response = scripted.IsDone ? Do(method, arguments) : scripted.Response!;
            return scripted.Response ?? response;
        }
    }

    private SlackChannel Script(string method, SlackResponse? response, bool isDone)
    {
        lock (_lock)
        {
            if (!_script.TryGetValue(method, out var queue)) _script[method] = queue = new Queue<(SlackResponse?, bool)>();
            queue.Enqueue((response, isDone));
            return this;
        }
    }

    private SlackResponse Do(string method, JsonObject arguments)
    {
        if ((string?)arguments["channel"] != id) return Error("channel_not_found");
        return method switch
        {
            "chat.postMessage" => IsMember ? Post(arguments) : Error("not_in_channel"),
            "chat.update" => IsMember ? Update(arguments) : Error("not_in_channel"),
            "conversations.join" => Join(),
            "conversations.history" => MayRead ? Page(message => message.Thread is null || message.IsBroadcast) : Error("missing_scope"),
            "conversations.replies" => MayRead ? Page(message => IsInThread(message, (string?)arguments["ts"])) : Error("missing_scope"),
            _ => Error("unknown_method"),
        };
    }

    private static bool IsInThread(SlackChannelMessage message, string? root) => message.Ts == root || message.Thread == root;

    private SlackResponse Post(JsonObject arguments)
    {
        var thread = (string?)arguments["thread_ts"];
        var isBroadcast = (bool?)arguments["reply_broadcast"] == true;
        if (thread is not null && !HasThreads) return Error("cannot_reply_to_message");
        // As in Slack: the root message was deleted before it had a reply.
        if (thread is not null && !_messages.Exists(message => message.Ts == thread && message is { Thread: null, IsDeleted: false }))
            return Error("thread_not_found");

        if (isBroadcast && !TakesBroadcasts) return Error("cant_broadcast_message");
        var message = new SlackChannelMessage
        {
            Ts = $"{time.GetUtcNow().ToUnixTimeSeconds()}.{++_lastTs:D6}",
            Thread = thread,
            IsBroadcast = isBroadcast,
            Body = JsonElement.Parse(arguments.ToJsonString()),
            CorrelationKey = (string?)arguments["metadata"]?["event_payload"]?["delivery_id"],
        };
        _messages.Add(message);
        return new SlackResponse { Ok = true, Channel = id, Ts = message.Ts };
    }

    private SlackResponse Update(JsonObject arguments)
    {
        var place = _messages.FindIndex(message => message.Ts == (string?)arguments["ts"] && !message.IsDeleted);
        if (place < 0) return Error("message_not_found");
        if (IsEditWindowClosed) return Error("edit_window_closed");
        if (((string?)arguments["text"])?.Length > 4000) return Error("msg_too_long");
        _messages[place] = _messages[place] with { Body = JsonElement.Parse(arguments.ToJsonString()), Edits = _messages[place].Edits + 1 };
        return new SlackResponse { Ok = true, Channel = id, Ts = _messages[place].Ts };
    }

    private SlackResponse Join()
    {
        if (!MayJoin) return Error("missing_scope");
        IsMember = true;
        return new SlackResponse { Ok = true, Channel = id };
    }

    private SlackResponse Page(Func<SlackChannelMessage, bool> isShown)
    {
        var messages = _messages.Where(message => !message.IsDeleted && isShown(message)).Select(message => new JsonObject
        {
            ["ts"] = message.Ts,
            ["metadata"] = new JsonObject
            {
                ["event_type"] = "defect_notifier_delivery",
                ["event_payload"] = new JsonObject { ["delivery_id"] = message.CorrelationKey },
            },
        });
        var page = new JsonObject { ["ok"] = true, ["messages"] = new JsonArray([.. messages]), ["has_more"] = false };
        return new SlackResponse { Ok = true, Json = page.ToJsonString() };
    }

    private static SlackResponse Error(string code) => new() { Error = code };
}
