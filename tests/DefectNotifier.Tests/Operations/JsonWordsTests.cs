using System.Text.Json;
using DefectNotifier.Delivery.Lanes;
using DefectNotifier.Enrichment;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Testing;
using DefectNotifier.Worker.Operations;

namespace DefectNotifier.Tests.Operations;

public sealed class JsonWordsTests
{
    private static readonly ListedDelivery Listed = new(
        1, "e1", "defect.created", "WEB", 42, "web-qa", DeliveryState.Dead, SendReason.InvalidMessage, Detail: null, 1,
        MayBeRepeat: false, IsMessageStored: true, Some.Moment, Some.Moment);

    private static readonly DeliveryTimeline Timeline = new(
        Listed,
        Reference: null,
        [
            new StoredAttempt(1, Some.Moment, Some.Moment, SendOutcome.NotSupported, SendReason.CannotChange, Detail: null)
            {
                Step = SendStep.RootMessage,
            },
            new StoredAttempt(2, Some.Moment, EndedAt: null, Outcome: null, Reason: null, Detail: null),
        ],
        [new StoredAction(Some.Moment, OperatorAction.RetryAsRendered)]);

    [Fact]
    public void Serialize_Timeline_ContainsTheWords()
    {
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(Timeline, OperationsJson.Readable.DeliveryTimeline));

        var delivery = json.RootElement.GetProperty("delivery");
        var history = json.RootElement.GetProperty("history");
        Assert.Equal(("dead", "invalid-message"), (Word(delivery, "state"), Word(delivery, "reason")));
        Assert.True(delivery.GetProperty("isMessageKept").GetBoolean());
        Assert.Equal(
            ("not-supported", "cannot-change", "root"),
            (Word(history[0], "outcome"), Word(history[0], "reason"), Word(history[0], "step")));
        Assert.Equal((null, null, null), (Word(history[1], "outcome"), Word(history[1], "reason"), Word(history[1], "step")));
        Assert.Equal("retry-as-rendered", Word(json.RootElement.GetProperty("actions")[0], "what"));
    }

    [Fact]
    public void Deserialize_WhatWasWritten_IsTheSame()
    {
        var json = JsonSerializer.Serialize(Timeline, OperationsJson.Readable.DeliveryTimeline);

        var read = JsonSerializer.Deserialize(json, OperationsJson.Readable.DeliveryTimeline)!;

        Assert.Equal(Timeline.Delivery, read.Delivery);
        Assert.Equal(Timeline.History, read.History);
        Assert.Equal(Timeline.Actions, read.Actions);
    }

    [Fact]
    public void Deserialize_WordsOfALaterVersion_AreNull()
    {
        var json = JsonSerializer.Serialize(Timeline, OperationsJson.Readable.DeliveryTimeline)
            .Replace("invalid-message", "later", StringComparison.Ordinal)
            .Replace("not-supported", "later", StringComparison.Ordinal)
            .Replace("\"root\"", "\"later\"", StringComparison.Ordinal)
            .Replace("retry-as-rendered", "later", StringComparison.Ordinal);

        var read = JsonSerializer.Deserialize(json, OperationsJson.Readable.DeliveryTimeline)!;

        Assert.Null(read.Delivery.Reason);
        Assert.Equal((null, SendStep.Message), (read.History[0].Outcome, read.History[0].Step));
        Assert.Equal(OperatorAction.Unknown, read.Actions[0].What);
    }

    [Theory]
    [InlineData("\"later\"")]
    [InlineData("2")]
    [InlineData("null")]
    public void Deserialize_UnknownState_IsAnError(string state)
    {
        var json = JsonSerializer.Serialize(Timeline, OperationsJson.Readable.DeliveryTimeline)
            .Replace("\"dead\"", state, StringComparison.Ordinal);

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, OperationsJson.Readable.DeliveryTimeline));
    }

    [Fact]
    public void Serialize_LanesAndAccounts_ContainTheReasons()
    {
        var lane = new LaneStatus("web-qa", LaneActivity.Parked, SendReason.HookGone, Until: null, 1, OldestReceivedAt: null);
        var qase = new QaseStatus("Qase", QaseAccountState.Waiting, QaseOutcome.RateLimited);

        using var lanes = JsonDocument.Parse(JsonSerializer.Serialize([lane], OperationsJson.Readable.IReadOnlyListLaneStatus));
        using var account = JsonDocument.Parse(JsonSerializer.Serialize(qase, OperationsJson.Readable.QaseStatus));

        Assert.Equal(("parked", "hook-gone"), (Word(lanes.RootElement[0], "state"), Word(lanes.RootElement[0], "reason")));
        Assert.Equal(("waiting", "rate-limited"), (Word(account.RootElement, "state"), Word(account.RootElement, "reason")));
    }

    private static string? Word(JsonElement parent, string name) => parent.GetProperty(name).GetString();
}
