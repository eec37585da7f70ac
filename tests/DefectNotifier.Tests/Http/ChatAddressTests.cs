using DefectNotifier.Chat.Http;

namespace DefectNotifier.Tests.Http;

public sealed class ChatAddressTests
{
    [Theory]
    [InlineData("https://host.test/LEAK\u200B", "contains the character U+200B")]
    [InlineData("\uFEFFhttps://host.test/LEAK", "contains the character U+FEFF")]
    [InlineData("https://host\u2060.test/LEAK", "contains the character U+2060")]
    [InlineData("https://host.test/LEAK\u00AD", "contains the character U+00AD")]
    [InlineData("https://host.test/LEAK…", "contains the character U+2026")]
    [InlineData("https://host.test/?key=LEAK”", "contains the character U+201D")]
    [InlineData("https://host.test/LEAK👩", "contains the character U+1F469")]
    [InlineData("https://host.test/LEAK\u00A0x", "contains a blank or a line break")]
    [InlineData("https://host.test/LEAK\0", "contains a blank or a line break")]
    [InlineData(@"https://host.test/LEAK\?a\=b", "contains a backslash")]
    [InlineData(@"https://host.test/LEAK?a=b\u0026c=d", "contains a backslash")]
    [InlineData("https://host.test/LEAK'", "contains a quotation mark")]
    [InlineData("https://host.test/LEAK\"", "contains a quotation mark")]
    [InlineData("\"https://host.test/LEAK\"", "contains a quotation mark")]
    [InlineData("`https://host.test/LEAK`", "contains a quotation mark")]
    [InlineData("<https://host.test/LEAK>", "contains a placeholder in brackets")]
    [InlineData("https://host.test/${LEAK}", "contains a placeholder in brackets")]
    [InlineData("https://host.test/<LEAK>", "contains a placeholder in brackets")]
    [InlineData("https://host.test/%LEAK%", "contains a % without two hexadecimal digits")]
    [InlineData("https://host.test/LEAK%", "contains a % without two hexadecimal digits")]
    [InlineData("https://host.test/LEAK%2", "contains a % without two hexadecimal digits")]
    public void Read_PastedMistake_IsNamedWithoutTheAddress(string text, string problem)
    {
        var (address, error) = ChatAddress.Read("Url", text);

        Assert.Null(address);
        Assert.StartsWith(problem, error!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" https://host.test/a-b_c~d/%2Fe?f=g&h=%2B,;:@!$()*+ ")]
    [InlineData("https://bücher.test/a")]
    [InlineData("https://[::1]:9/")]
    public void Read_OrdinaryAddress_IsUnchanged(string text) =>
        Assert.Equal(text.Trim(), ChatAddress.Read("Url", text).Address!.OriginalString);
}
