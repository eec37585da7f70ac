using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;

namespace DefectNotifier.Tests.Operations.Access;

public sealed class SessionTokenTests
{
    private static readonly byte[] Digest = SecretCheck.Digest("secret of anna 42");

    [Fact]
    public void Create_Twice_HasNothingInCommon()
    {
        var (first, second) = (SessionToken.Create(), SessionToken.Create());

        Assert.Equal(43, first.Text.Length);
        Assert.NotEqual(first.Text, second.Text);
        Assert.NotEqual(first.Hash, second.Hash);
        Assert.NotEqual(first.FingerprintOf(Digest), second.FingerprintOf(Digest));
    }

    [Fact]
    public void Matches_OnlyTheSecretOfTheLoginWithThisToken()
    {
        var (token, other) = (SessionToken.Create(), SessionToken.Create());
        var fingerprint = token.FingerprintOf(Digest);

        Assert.True(new SessionToken(token.Text).Matches(Digest, fingerprint));
        Assert.False(other.Matches(Digest, fingerprint));
        Assert.False(token.Matches(SecretCheck.Digest("secret of anna 43"), fingerprint));
        Assert.False(token.Matches(Digest, ""));
    }

    // What is stored must be of no use without the browser's token.
    [Fact]
    public void HashAndFingerprint_ContainNeitherTokenNorSecretDigest()
    {
        var token = SessionToken.Create();

        Assert.All((string[])[token.Hash, token.FingerprintOf(Digest), token.ToString()], stored =>
        {
            Assert.DoesNotContain(token.Text, stored, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToHexString(Digest), stored, StringComparison.OrdinalIgnoreCase);
        });
    }
}
