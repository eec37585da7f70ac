using CsCheck;
using DefectNotifier.Chat.Http;

namespace DefectNotifier.Tests.Http;

public sealed class DetailScrubberTests
{
    private const string Token = "xoxb-" + "1111-2222-abcdefSECRET";

    private static readonly Uri Address = new(
        "https://a.logic.azure.com:443/workflows/9f8e7d6c5b4a/triggers/manual/invoke?api-version=1&sp=%2Frun&sig=Zx9_secret-Sig");

    private readonly DetailScrubber _scrubber = new(Address, Token);

    [Theory]
    [InlineData(Token)]
    [InlineData("XOXB-1111-2222-ABCDEFSECRET")]
    [InlineData("https://a.logic.azure.com:443/workflows/9f8e7d6c5b4a/triggers/manual/invoke?api-version=1&sp=%2Frun&sig=Zx9_secret-Sig")]
    [InlineData("https://a.logic.azure.com/workflows/9f8e7d6c5b4a/triggers/manual/invoke?api-version=1&sp=%2Frun&sig=Zx9_secret-Sig")]
    [InlineData("/workflows/9f8e7d6c5b4a/triggers/manual/invoke")]
    [InlineData("Zx9_secret-Sig")]
    [InlineData("9f8e7d6c5b4a")]
    public void Clean_EchoedSecret_IsMasked(string secret)
    {
        var clean = _scrubber.Clean($"no such thing: {secret}!", 300);

        Assert.Equal("no such thing: [secret]!", clean);
    }

    [Fact]
    public void Clean_SecretAtTheCut_LeavesNoPartOfIt()
    {
        for (var length = 5; length < 60; length++)
            Assert.DoesNotContain("xoxb", _scrubber.Clean(new string('.', 20) + Token, length), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("WorkflowTriggerIsNotEnabled")]
    [InlineData("triggers")]
    [InlineData("invalid_blocks")]
    public void Clean_OrdinaryWord_IsKept(string word) => Assert.Equal(word, _scrubber.Clean(word, 300));

    [Theory]
    [InlineData("a\r\nb\tc", "a  b c")]
    [InlineData("a\u0000\u001b[31mb\u007f", "a[31mb")]
    [InlineData("a\u202eb\u200dc\ue000d", "abcd")]
    public void Clean_ControlCharacters_AreRemoved(string text, string expected) => Assert.Equal(expected, _scrubber.Clean(text, 300));

    [Fact]
    public void Clean_LoneSurrogate_IsReplaced() => Assert.Equal("a\ufffdb", _scrubber.Clean("a\ud800b", 300));

    [Fact]
    public void Clean_LongText_IsCutBetweenCharacters()
    {
        var clean = _scrubber.Clean(string.Concat(Enumerable.Repeat("🐞", 200)), 100)!;

        Assert.True(clean.Length <= 100);
        Assert.EndsWith("🐞…", clean, StringComparison.Ordinal);
    }

    [Fact]
    public void Join_BlankParts_AreLeftOut()
    {
        Assert.Equal("a; b", _scrubber.Join("a", null, " ", "b"));
        Assert.Null(_scrubber.Join(null, ""));
    }

    [Fact]
    public void Join_AnyTextAroundSecrets_NeverHoldsOne()
    {
        string[] secrets = [Token, Address.AbsoluteUri, Address.PathAndQuery, "Zx9_secret-Sig"];
        Gen.Select(Gen.String, Gen.Int[0, 3].Select(i => secrets[i]), Gen.String)
            .Sample((before, secret, after) =>
            {
                var detail = _scrubber.Join(before + secret, secret + after)!;
                Assert.DoesNotContain("SECRET", detail, StringComparison.Ordinal);
                Assert.DoesNotContain("secret-Sig", detail, StringComparison.Ordinal);
                Assert.True(detail.Length <= DetailScrubber.MaxLength);
            });
    }
}
