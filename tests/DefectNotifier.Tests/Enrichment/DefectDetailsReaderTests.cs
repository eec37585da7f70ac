using System.Text.Json;
using CsCheck;
using DefectNotifier.Enrichment;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Enrichment;

public sealed class DefectDetailsReaderTests
{
    // Any value of any type.
    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.OneOf(
            "null",
            "true",
            "0",
            "-1",
            "1e99",
            "73.0",
            "\"\"",
            "\" \"",
            "\"x\"",
            "\"2026-01-05T09:00:00+00:00\"",
            "\"0000-00-00\"",
            "[]",
            "[null,1,\"a\",{},[{}]]",
            "{}",
            "{\"id\":1}"),
        Gen.String.Select(text => JsonSerializer.Serialize(text)));

    private static readonly string[] Keys =
        ["id", "title", "actual_result", "severity", "status", "attachments",
            "member_id", "created_at", "updated_at", "resolved_at", "created", "updated"];

    [Fact]
    public void Read_SampleOfAResolvedDefect_ReadsEveryField()
    {
        var details = Read(Payloads.ReadText("api/defect-200-resolved.json"));

        Assert.Equal(
            ("Checkout total ignores the coupon after a currency switch", Severity.Major, "resolved", 418L),
            (details.Title, details.Severity, details.Status, details.CreatedBy));
        Assert.StartsWith("1. Add two items", details.ActualResult, StringComparison.Ordinal);
        Assert.Equal(
            [new Attachment("total.png", "https://static.example.test/a/total.png") { Mime = "image/png", Size = 48213 }],
            details.Attachments);
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero), details.CreatedAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 6, 9, 2, 2, TimeSpan.Zero), details.ResolvedAt);
        Assert.Equal(details.ResolvedAt, details.Since.At);
    }

    [Fact]
    public void Read_OldNamesOfTimes_Utc() =>
        Assert.Equal(
            new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
            Read("""{"result":{"created":"2026-01-05 09:00:00"}}""").CreatedAt);

    [Fact]
    public void Read_EmptyResult_HasNoFields()
    {
        var details = Read("""{"result":{}}""");

        Assert.Equal((null, null, null, null), (details.Title, details.Severity?.Slug, details.Status, details.ActualResult));
        Assert.True(details.Since.IsArrival);
        Assert.Equal(Some.Moment, details.Since.At);
    }

    [Fact]
    public void Read_HugeResult_IsCutBetweenCharacters()
    {
        var result = new string('a', DefectDetails.MaxResult - 1) + "😀😀";
        var attachments = string.Join(',', Enumerable.Range(0, 500));
        var details = Read($$$"""{"result":{"actual_result":"{{{result}}}","attachments":[{{{attachments}}}]}}""");

        Assert.Equal(DefectDetails.MaxResult - 1, details.ActualResult!.Length);
        Assert.Equal(DefectDetails.MaxAttachments, details.Attachments.Count);
    }

    [Fact]
    public void Read_AnyJson_NeverThrows() =>
        Value.Array[Keys.Length].Sample(
            values =>
            {
                var members = string.Join(',', Keys.Select((key, i) => $"\"{key}\":{values[i]}"));
                var details = Read($"{{\"result\":{{{members}}}}}");
                var defect = Defect.After(
                    null, Some.DefectEvent with { Name = "defect.resolved", Title = null }, "1", Some.Moment, default).With(details);
                return defect.Title == details.Title && defect.Complete(Some.DefectEvent).ActualResult is not null;
            },
            iter: PropertyCases.Of(2_000));

    private static DefectDetails Read(string json)
    {
        var response = QaseResponses.Classify(new QaseHttpResponse { Status = 200, Body = System.Text.Encoding.UTF8.GetBytes(json) });
        Assert.Equal(QaseOutcome.Ok, response.Outcome);
        return DefectDetailsReader.Read(response.Result, Some.Moment);
    }
}
