using DefectNotifier.Worker.Commands.Admin;

namespace DefectNotifier.Tests.Commands.Admin;

public sealed class OutboxAdminAccessTests
{
    [Theory]
    [InlineData("http://localhost:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://0.0.0.0:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://[::]:8081", "http://127.0.0.1:8081/")]
    [InlineData("http://[::1]:8081", "http://[::1]:8081/")]
    [InlineData("http://10.0.0.1:8081", "http://10.0.0.1:8081/")]
    public void LocalAddressOf_Listener_IsItsAddressOnThisMachine(string url, string expected) =>
        Assert.Equal(expected, OutboxAdminAccess.LocalAddressOf(new Uri(url)).AbsoluteUri);
}
