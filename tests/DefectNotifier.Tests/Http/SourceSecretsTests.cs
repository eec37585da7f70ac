using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Http;

public sealed class SourceSecretsTests
{
    private static readonly IngressSourceOptions A = new("A", [new Secret("of-a"), new Secret("next-of-a")]);
    private static readonly IngressSourceOptions B = new("b", [new Secret("of-b")]);

    [Theory]
    [InlineData("A", "of-a", true)]
    [InlineData("A", "next-of-a", true)]
    [InlineData("a", "of-a", true)]
    [InlineData("A", "of-b", false)]
    [InlineData("A", "of-all", false)]
    [InlineData("A", "", false)]
    [InlineData("A", null, false)]
    [InlineData("B", "of-a", false)]
    [InlineData("B", "of-b", true)]
    [InlineData("", "of-all", true)]
    [InlineData("", "of-a", false)]
    [InlineData("C", "of-all", true)]
    [InlineData("C", "of-a", false)]
    [InlineData("C", null, false)]
    [InlineData("a.", "of-a", false)]
    public void Passes_SourcesWithSecrets_AcceptOnlyTheirOwn(string source, string? sent, bool passes) => Assert.Equal(
        passes, new SourceSecrets(new IngressOptions { Secrets = [new Secret("of-all")], Sources = [A, B] }).Passes(source, sent));

    // Otherwise a source without an entry would accept everybody as soon as the others have secrets of their own.
    [Theory]
    [InlineData("A", "of-a", true)]
    [InlineData("C", null, false)]
    [InlineData("C", "", false)]
    [InlineData("C", "of-a", false)]
    [InlineData("", null, false)]
    public void Passes_OnlySourcesHaveSecrets_OthersAreRefused(string source, string? sent, bool passes) =>
        Assert.Equal(passes, new SourceSecrets(new IngressOptions { Sources = [A] }).Passes(source, sent));

    [Fact]
    public void Passes_NoSecretAtAll_AcceptsEverything()
    {
        var open = new SourceSecrets(new IngressOptions());

        Assert.True(open.Passes("A", null));
        Assert.True(open.Passes("", "anything"));
    }
}
