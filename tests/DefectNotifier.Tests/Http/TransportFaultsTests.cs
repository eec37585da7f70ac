using DefectNotifier.Chat.Http;
using DefectNotifier.Delivery;

namespace DefectNotifier.Tests.Http;

public sealed class TransportFaultsTests
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
            var result = TransportFaults.Classify(new HttpRequestException(error, "https://hooks.slack.com/services/SECRET"));

            Assert.Equal(
                beforeSending.Contains(error)
                    ? new SendResult(Fate.Retry, SendReason.ConnectFailed) { Detail = error.ToString() }
                    : new SendResult(Fate.Ambiguous, SendReason.ConnectionLost) { Detail = error.ToString() },
                result);
        }
    }

    [Fact]
    public void Classify_ConnectTimeout_WasNotSent() =>
        Assert.Equal(
            new SendResult(Fate.Retry, SendReason.ConnectFailed) { Detail = "ConnectTimeout" },
            TransportFaults.Classify(new TaskCanceledException("slow", new TimeoutException())));

    [Fact]
    public void Classify_AnyOtherFault_IsAmbiguous()
    {
        foreach (var fault in (Exception[])[new IOException("SECRET"), new OperationCanceledException("SECRET")])
            Assert.Equal(new SendResult(Fate.Ambiguous, SendReason.ConnectionLost) { Detail = "Unknown" }, TransportFaults.Classify(fault));
    }
}
