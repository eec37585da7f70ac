using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Chat.Slack;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox;

namespace DefectNotifier.Testing;

/// <summary>
/// One channel of a Slack workspace that remembers: messages, threads, changes and deletions, as the Web API would have them. What it answers next can be scripted, before or
/// after it has done what was asked.
/// </summary>
public sealed class SlackChannel(TimeProvider time, string id = "C0123456789") : ISlackApi
{
    private readonly Lock _lock = new();
    private readonly List<SlackChannelMessage> _messages = [];
    private readonly List<(string Method, DateTimeOffset At)> _calls = [];
    private readonly Dictionary<string, Queue<(SlackResponse? Response, bool IsDone)>> _script = new(StringComparer.Ordinal);
    private long _lastTs;

    public string Id => id;

    /// <summary>True once a message's time to be edited is over.</summary>
    public bool IsEditWindowClosed { get; set; }

    /// <summary>False: nobody can reply to messages here.</summary>
    public bool HasThreads { get; set; } = true;

    /// <summary>False: replies can't be shown in the channel.</summary>
    public bool TakesBroadcasts { get; set; } = true;

    public bool IsMember { get; set; } = true;

    /// <summary>True when the token may join public channels, and this is one.</summary>
    public bool MayJoin { get; set; }

    /// <summary>False: the token may not read the channel.</summary>
    public bool MayRead { get; set; } = true;

    /// <summary>Everything posted, in order.</summary>
    public IReadOnlyList<SlackChannelMessage> Messages
    {
        get
        {
            lock (_lock) return [.. _messages];
        }
    }

    /// <summary>What the channel shows: no replies, nothing deleted.</summary>
    public IReadOnlyList<SlackChannelMessage> Roots => [.. Messages.Where(message => message is { Thread: null, IsDeleted: false })];

    /// <summary>What was called, and when.</summary>
    public IReadOnlyList<(string Method, DateTimeOffset At)> Calls
    {
        get
        {
            lock (_lock) return [.. _calls];
        }
    }

    public IReadOnlyList<SlackChannelMessage> RepliesTo(SlackChannelMessage root) => [.. Messages.Where(message => message.Thread == root.Ts && !message.IsDeleted)];

    public int CallsOf(string method) => Calls.Count(call => call.Method == method);

    /// <summary>The next call of the method gets this answer, and nothing is done.</summary>
    public SlackChannel Refuse(string method, SlackResponse response) => Script(method, response, isDone: false);

    /// <summary>The next call of the method is refused with this code.</summary>
    public SlackChannel Refuse(string method, string error) => Refuse(method, new SlackResponse { Error = error });

    /// <summary>The next call of the method is done, and its answer is lost.</summary>
    public SlackChannel LoseResponse(string method) =>
        Script(method, new SlackResponse { Failure = new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost) }, isDone: true);

    /// <summary>The next call of the method is as usual.</summary>
    public SlackChannel Pass(string method) => Script(method, response: null, isDone: true);

    /// <summary>Somebody deletes a message by hand.</summary>
    public void Delete(SlackChannelMessage message)
    {
        lock (_lock)
        {
            var place = _messages.FindIndex(one => one.Ts == message.Ts);
            _messages[place] = _messages[place] with { IsDeleted = true };
        }
    }

    /// <summary>What happens elsewhere while the next call is on its way.</summary>
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
            var scripted = _script.TryGetValue(method, out var queue) && queue.TryDequeue(out var next) ? next : (Response: null, IsDone: true);
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
            "conversations.replies" => MayRead ? Page(message => message.Ts == (string?)arguments["ts"] || message.Thread == (string?)arguments["ts"]) : Error("missing_scope"),
            _ => Error("unknown_method"),
        };
    }

    private SlackResponse Post(JsonObject arguments)
    {
        var thread = (string?)arguments["thread_ts"];
        var isBroadcast = (bool?)arguments["reply_broadcast"] == true;
        if (thread is not null && !HasThreads) return Error("cannot_reply_to_message");
        // As Slack has it: the beginning of a thread, which was deleted without a reply.
        if (thread is not null && !_messages.Exists(message => message.Ts == thread && message is { Thread: null, IsDeleted: false })) return Error("thread_not_found");
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
            ["metadata"] = new JsonObject { ["event_type"] = "defect_notifier_delivery", ["event_payload"] = new JsonObject { ["delivery_id"] = message.CorrelationKey } },
        });
        return new SlackResponse { Ok = true, Json = new JsonObject { ["ok"] = true, ["messages"] = new JsonArray([.. messages]), ["has_more"] = false }.ToJsonString() };
    }

    private static SlackResponse Error(string code) => new() { Error = code };
}
