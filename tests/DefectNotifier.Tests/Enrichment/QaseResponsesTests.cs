using System.Text;
using System.Text.Json;
using CsCheck;
using DefectNotifier.Enrichment;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Enrichment;

public sealed class QaseResponsesTests
{
    private static readonly byte[] Good = Payloads.Read("api/defect-200.json");

    // Any other status is unexpected.
    private static readonly Dictionary<int, QaseOutcome> Table = new()
    {
        [400] = QaseOutcome.Rejected,
        [401] = QaseOutcome.Refused,
        [403] = QaseOutcome.Refused,
        [404] = QaseOutcome.NotFound,
        [405] = QaseOutcome.Rejected,
        [410] = QaseOutcome.NotFound,
        [413] = QaseOutcome.Rejected,
        [414] = QaseOutcome.Rejected,
        [422] = QaseOutcome.Rejected,
        [429] = QaseOutcome.RateLimited,
    };

    [Fact]
    public void Classify_EveryStatus_OutcomeOfTheTable()
    {
        for (var status = 100; status <= 599; status++)
        {
            var expected = status is >= 200 and < 300 ? QaseOutcome.Ok : status >= 500 ? QaseOutcome.Failed : Table.GetValueOrDefault(
                status, QaseOutcome.Unexpected);

            var response = QaseResponses.Classify(
                new QaseHttpResponse { Status = status, Body = Good, RetryAfter = TimeSpan.FromSeconds(7) });

            Assert.Equal((status, expected), (status, response.Outcome));
            Assert.Equal((status.ToString(), TimeSpan.FromSeconds(7)), (response.Detail, response.RetryAfter));
            Assert.Equal(expected == QaseOutcome.Ok, response.Result.ValueKind == JsonValueKind.Object);
        }
    }

    [Theory]
    [InlineData("timeout", QaseOutcome.Timeout)]
    [InlineData("NameResolutionError", QaseOutcome.Unreachable)]
    [InlineData("", QaseOutcome.Unreachable)]
    public void Classify_NoResponse_OutcomeOfTheError(string error, QaseOutcome outcome) =>
        Assert.Equal((outcome, error), (QaseResponses.Classify(new QaseHttpResponse { Error = error }).Outcome, error));

    [Theory]
    [InlineData("""{"status":true,"result":{"id":1}}""", QaseOutcome.Ok)]
    [InlineData("""{"result":{}}""", QaseOutcome.Ok)]
    [InlineData("\uFEFF{\"result\":{\"title\":\"\\ud83d\"}}", QaseOutcome.Ok)]
    [InlineData("""{"status":false,"errorMessage":"Defect not found"}""", QaseOutcome.Unexpected)]
    [InlineData("""{"status":false,"result":{"id":1}}""", QaseOutcome.Unexpected)]
    [InlineData("""{"message":"x","errors":{"id":["y"]}}""", QaseOutcome.Unexpected)]
    [InlineData("""{"status":true,"result":null}""", QaseOutcome.Unexpected)]
    [InlineData("""{"status":true,"result":[1]}""", QaseOutcome.Unexpected)]
    [InlineData("""{"status":true,"result":{"id":1}""", QaseOutcome.Unexpected)]
    [InlineData("[]", QaseOutcome.Unexpected)]
    [InlineData("<html>Sign in</html>", QaseOutcome.Unexpected)]
    [InlineData("", QaseOutcome.Unexpected)]
    public void Classify_Success_BodyMustBeOfQase(string body, QaseOutcome outcome) =>
        Assert.Equal(outcome, QaseResponses.Classify(new QaseHttpResponse { Status = 200, Body = Encoding.UTF8.GetBytes(body) }).Outcome);

    [Theory]
    [InlineData("api/error-404.json", 404, QaseOutcome.NotFound)]
    [InlineData("api/error-429.json", 429, QaseOutcome.RateLimited)]
    [InlineData("api/user-200.json", 200, QaseOutcome.Ok)]
    [InlineData("api/authors-200.json", 200, QaseOutcome.Ok)]
    [InlineData("api/defect-200-resolved.json", 200, QaseOutcome.Ok)]
    public void Classify_Samples_ExpectedOutcome(string name, int status, QaseOutcome outcome) =>
        Assert.Equal(outcome, QaseResponses.Classify(new QaseHttpResponse { Status = status, Body = Payloads.Read(name) }).Outcome);

    [Theory]
    [InlineData("")]
    [InlineData("<html>Forbidden</html>")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Classify_4xxOfAnotherServer_SaysNothingAboutObjectOrToken(string body)
    {
        foreach (var status in Enumerable.Range(400, 100))
        {
            Assert.Equal(
                status == 429 ? QaseOutcome.RateLimited : QaseOutcome.Unexpected,
                QaseResponses.Classify(new QaseHttpResponse { Status = status, Body = Encoding.UTF8.GetBytes(body) }).Outcome);
        }
    }

    [Fact]
    public void Classify_AnyBytes_NeverThrows() =>
        Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[199, 300]).Sample(
            (body, status) => QaseResponses.Classify(new QaseHttpResponse { Status = status, Body = body }).Outcome.Word().Length > 0,
            iter: PropertyCases.Of(2_000));

    [Fact]
    public void Word_EachOutcome_IsUnique() =>
        Assert.Equal(
            Enum.GetValues<QaseOutcome>().Length,
            Enum.GetValues<QaseOutcome>().Select(outcome => outcome.Word()).Distinct().Count());
}
