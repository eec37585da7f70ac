using System.Security.Cryptography;
using CsCheck;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Tests.Delivery;

public sealed class PlaceholderTests
{
    [Theory]
    [InlineData("change-me", "example")]
    [InlineData("CHANGE_ME", "example")]
    [InlineData("changeit", "example")]
    [InlineData("replace-with-a-long-secret", "example")]
    [InlineData("your-qase-api-token", "example")]
    [InlineData("xoxb-your-bot-token", "example")]
    [InlineData("YOUR_SECRET_HERE", "example")]
    [InlineData("put-the-secret-here", "example")]
    [InlineData("my-example-secret-1", "example")]
    [InlineData("XXXXXXXXXXXXXXXXXXXXXXXX", "example")]
    [InlineData("xoxb-xxxx-xxxx", "example")]
    [InlineData("****************", "example")]
    [InlineData("abcdefghijklmnop...", "example")]
    [InlineData("TODO", "example")]
    [InlineData("${QASE_SECRET}", "not replaced")]
    [InlineData("prefix-${QASE_SECRET}", "not replaced")]
    [InlineData("${QASE_SECRET:-fallback}", "not replaced")]
    [InlineData("${{ secrets.QASE }}", "not replaced")]
    [InlineData("$(cat /run/secret)", "not replaced")]
    [InlineData("$X", "not replaced")]
    [InlineData("$env:QASE_SECRET", "not replaced")]
    [InlineData("%X%", "not replaced")]
    [InlineData("%{QASE}", "not replaced")]
    [InlineData("<secret>", "not replaced")]
    [InlineData("{{ secret }}", "not replaced")]
    [InlineData("{secret}", "not replaced")]
    [InlineData("#{Secret}#", "not replaced")]
    [InlineData("[\"new\"]", "not replaced")]
    [InlineData("__QASE_SECRET__", "not replaced")]
    [InlineData("@QASE_SECRET@", "not replaced")]
    [InlineData("\"1b2c3d4e5f6a7b8c9d0e\"", "quotation marks")]
    [InlineData("'1b2c3d4e5f6a7b8c9d0e'", "quotation marks")]
    [InlineData("“1b2c3d4e5f6a7b8c9d0e”", "quotation marks")]
    [InlineData("# comment", "comment")]
    [InlineData("1b2c3d4e5f6a7b8c9d0e # of the webhook", "comment")]
    [InlineData("// the secret", "comment")]
    [InlineData("/run/secrets/qase", "address")]
    [InlineData("vault:secret/data/qase#value", "address")]
    [InlineData("op://vault/qase/secret", "address")]
    [InlineData("arn:aws:secretsmanager:eu-west-1:1:secret:qase", "address")]
    [InlineData("!secret qase", "address")]
    public void ProblemOf_NoSecret_SaysWhatItIs(string text, string problem) =>
        Assert.Contains(problem, Placeholder.ProblemOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("#1b2c3d4e5f6a7b8c9d0e")]
    [InlineData("$2b$10$nOUIs5kJ7naTuTFkBy1veu")]
    [InlineData("//1b2c3d4e5f6a7b8c9d0e==")]
    [InlineData("123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("xoxb-1111111111-2222222222-tokenPartA1b2C3d4E5f6")]
    public void ProblemOf_Secret_IsNull(string text) => Assert.Null(Placeholder.ProblemOf(text));

    // What people generate: hexadecimal, Base64 with both alphabets, and any printable character.
    [Fact]
    public void ProblemOf_RandomSecret_IsNull()
    {
        Gen.Byte.Array[12, 48].Sample(bytes => Assert.Null(Placeholder.ProblemOf(Convert.ToHexString(bytes))));
        // One in a hundred thousand contains a word of examples, such as -yourX.
        Assert.InRange(Enumerable.Range(0, 5_000).Count(_ => IsRefused(RandomNumberGenerator.GetBytes(32))), 0, 3);
        var printable = string.Concat(Enumerable.Range('!', '~' - '!').Select(letter => (char)letter));
        var refused = Enumerable.Range(0, 10_000)
            .Count(_ => Placeholder.ProblemOf(RandomNumberGenerator.GetString(printable, 24)) is not null);
        // A few begin and end with a quotation mark, or have brackets in the wrong places.
        Assert.InRange(refused, 0, 50);
    }

    // ref+ and op+ are prefixes of secret stores, and the beginning of some Base64 texts.
    [Theory]
    [InlineData("ref+Kd93jd0sKd93jd0sKd93jd0s=")]
    [InlineData("op+Kd93jd0sKd93jd0sKd93jd0s")]
    public void ProblemOf_Base64ThatBeginsLikeAReference_IsNull(string text) => Assert.Null(Placeholder.ProblemOf(text));

    private static bool IsRefused(byte[] bytes)
    {
        var text = Convert.ToBase64String(bytes);
        var urlSafe = text.Replace('+', '-').Replace('/', '_').TrimEnd('=');
        return Placeholder.ProblemOf(text) is not null || Placeholder.ProblemOf(urlSafe) is not null;
    }
}
