using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Tests.Settings;

public sealed class AcceptedSecretsTests : IDisposable
{
    private const string Good = "7d1f0c9e5b3a48261f7e";

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("change-me", "is an example value")]
    [InlineData("${QASE_SECRET}", "is a placeholder that was not replaced")]
    [InlineData("$X", "is a placeholder that was not replaced")]
    [InlineData("%X%", "is a placeholder that was not replaced")]
    [InlineData("<secret>", "is a placeholder that was not replaced")]
    [InlineData("{{ secret }}", "is a placeholder that was not replaced")]
    [InlineData("'7d1f0c9e5b3a48261f7e'", "has quotation marks around it")]
    [InlineData("# comment", "contains a comment")]
    [InlineData("x", "has fewer than 16 characters")]
    [InlineData("7d1f0c9e5b3a482", "has fewer than 16 characters")]
    [InlineData("0000-0000-0000-0000-0000", "repeats the same characters")]
    [InlineData("passwordpassword", "repeats the same characters")]
    [InlineData("1234567890123456", "is a sequence of neighbouring characters, such as 12345")]
    [InlineData("zyxwvutsrqponmlk", "is a sequence of neighbouring characters, such as 12345")]
    public void Read_WeakSecret_IsAnErrorInEverySettingOnLoopbackToo(string secret, string problem)
    {
        foreach (var (path, section) in Places(secret))
        {
            var error = Assert.Single(_folder.Errors($$"""{ {{section}}, {{SettingsFolder.Chat}} }"""));

            Assert.StartsWith($"{path}: {problem}. Use a random text", error, StringComparison.Ordinal);
            if (secret.Length > 1) Assert.DoesNotContain(secret, error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("change-me")]
    [InlineData("x")]
    public void Read_WeakSecretAndOnlySandboxes_IsAWarning(string secret)
    {
        foreach (var (path, section) in Places(secret))
        {
            foreach (var rest in (string[])["", """, "Destinations": { "a": { "Type": "Sandbox" } }, "Routes": [ { "To": "a" } ]"""])
            {
                var finding = Assert.Single(SecretFindings.Of(_folder.Read($"{{ {section}{rest} }}")));
                Assert.Equal((FindingCode.WeakSecret, path), (finding.Code, finding.Place));
                Assert.Equal(FindingSeverity.Warning, finding.Severity);
            }
        }
    }

    [Fact]
    public void Read_OneOfSeveralSecretsIsWeak_NamesItsPlace()
    {
        var file = _folder.Write("secrets", $"{Good}\n# the old one\n");

        Assert.StartsWith(
            "Ingress:Secrets: entry 2 contains a comment",
            Assert.Single(_folder.Errors($$"""{ "Ingress": { "SecretsFile": "{{file}}" }, {{SettingsFolder.Chat}} }""")),
            StringComparison.Ordinal);
    }

    // It is not known what the destination with an error would be.
    [Fact]
    public void Read_WeakSecretAndUnknownDestination_ReportsBoth() => Assert.Equal(
        ["Destinations:a:Type", "Ingress:Secrets"],
        _folder.Errors("""
            { "Ingress": { "Secrets": "x" }, "Destinations": { "a": { "Type": "slak" } }, "Routes": [ { "To": "a" } ] }
            """).Select(error => error.Split(": ")[0]));

    [Fact]
    public void Read_StrongSecrets_HaveNoErrorAndNoFinding()
    {
        foreach (var (_, section) in Places(Good))
            Assert.Empty(SecretFindings.Of(_folder.Read($$"""{ {{section}}, {{SettingsFolder.Chat}} }""")));
    }

    [Fact]
    public void Of_SecretInTwoSettings_NamesBoth()
    {
        var settings = _folder.Read($$"""
            {
              "Ingress": { "Secrets": [ "{{Good}}", "{{Good}}" ], "Sources": { "a": { "Secrets": "{{Good}}1" } } },
              "Operations": { "Secrets": [ "{{Good}}1" ] },
              {{SettingsFolder.Chat}}
            }
            """);

        var finding = Assert.Single(SecretFindings.Of(settings));

        Assert.Equal((FindingCode.SharedSecret, "Operations:Secrets"), (finding.Code, finding.Place));
        Assert.Contains("Ingress:Sources:a:Secrets", finding.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, string Section)> Places(string secret) =>
    [
        ("Ingress:Secrets", $$"""  "Ingress": { "Secrets": [ "{{secret}}" ] } """),
        ("Ingress:Sources:a:Secrets", $$"""  "Ingress": { "Sources": { "a": { "Secrets": [ "{{secret}}" ] } } } """),
        ("Operations:Secrets", $$"""  "Operations": { "Secrets": [ "{{secret}}" ] } """),
        (
            "Operations:Access:0:Secret",
            $$"""  "Operations": { "Access": [ { "Name": "anna", "Secret": "{{secret}}", "May": "read" } ] } """),
    ];
}
