using System.Text.Json;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Tests.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData(" 7 ", 7)]
    [InlineData("1.2", 2)]
    [InlineData("3600", 3600)]
    [InlineData("Mon, 23 Nov 2026 12:00:42 GMT", 42)]
    [InlineData("Monday, 23-Nov-26 12:00:42 GMT", 42)]
    [InlineData("Mon Nov 23 12:00:42 2026", 42)]
    [InlineData("Mon, 23 Nov 2026 11:00:00 GMT", 0)]
    public void Parse_Header_GivesSeconds(string header, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Parse(header, Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("7 seconds")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData(".")]
    [InlineData("1,000")]
    [InlineData("Mon, 99 Nov 2026 12:00:42 GMT")]
    public void Parse_MalformedHeader_IsNull(string? header) => Assert.Null(RetryAfter.Parse(header, Now));

    [Theory]
    [InlineData("86400")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public void Clamp_LongWait_IsOneHour(string header) =>
        Assert.Equal(TimeSpan.FromHours(1), RetryAfter.Clamp(RetryAfter.Parse(header, Now)!.Value));

    [Fact]
    public void Parse_MoreDigitsThanADoubleHolds_IsALongWait() =>
        Assert.Equal(TimeSpan.FromHours(1), RetryAfter.Clamp(RetryAfter.Parse(new string('9', 400), Now)!.Value));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(59.5, 59.5)]
    [InlineData(3600, 3600)]
    [InlineData(3601, 3600)]
    public void Clamp_Wait_IsBetweenOneSecondAndOneHour(double requested, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), RetryAfter.Clamp(TimeSpan.FromSeconds(requested)));

    [Theory]
    [InlineData("""{"retry_after":3}""", 3.0)]
    [InlineData("""{"retry_after":0.2}""", 1.0)]
    [InlineData("""{"retry_after":"12"}""", 12.0)]
    [InlineData("""{"retry_after":-1}""", null)]
    [InlineData("""{"retry_after":"-1"}""", null)]
    [InlineData("""{"retry_after":null}""", null)]
    [InlineData("""{"retry_after":{}}""", null)]
    [InlineData("""{"retry_after":"\ud800"}""", null)]
    [InlineData("{}", null)]
    [InlineData("[]", null)]
    public void Parse_Body_GivesSeconds(string body, double? seconds)
    {
        using var json = JsonDocument.Parse(body);

        Assert.Equal(seconds is { } value ? TimeSpan.FromSeconds(value) : null, RetryAfter.Parse(json.RootElement));
    }
}
