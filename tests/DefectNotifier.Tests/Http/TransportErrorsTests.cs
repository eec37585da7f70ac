using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery.Outcomes;
using DefectNotifier.Outbox.Contract;

namespace DefectNotifier.Tests.Http;

public sealed class TransportErrorsTests
{
    [Fact]
    public void Classify_EveryRequestError_IsRetriedOnlyWhenNothingWasSent()
    {
        HttpRequestError[] beforeSending =
        [
            HttpRequestError.NameResolutionError, HttpRequestError.ConnectionError, HttpRequestError.SecureConnectionError,
            HttpRequestError.ProxyTunnelError, HttpRequestError.VersionNegotiationError,
        ];

        foreach (var error in Enum.GetValues<HttpRequestError>())
        {
            var result = TransportErrors.Classify(new HttpRequestException(error, "https://hooks.slack.com/services/SECRET"));

            Assert.Equal(
                beforeSending.Contains(error)
                    ? new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = error.ToString() }
                    : new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost) { Detail = error.ToString() },
                result);
        }
    }

    [Fact]
    public void Classify_ConnectTimeout_IsConnectFailed() =>
        Assert.Equal(
            new SendResult(SendOutcome.Retry, SendReason.ConnectFailed) { Detail = "ConnectTimeout" },
            TransportErrors.Classify(new TaskCanceledException("slow", new TimeoutException())));

    [Fact]
    public void Classify_AnyOtherError_IsAmbiguous()
    {
        foreach (var error in (Exception[])[new IOException("SECRET"), new OperationCanceledException("SECRET")])
            Assert.Equal(
                new SendResult(SendOutcome.Ambiguous, SendReason.ConnectionLost) { Detail = "Unknown" }, TransportErrors.Classify(error));
    }
}
