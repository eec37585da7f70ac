using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

public sealed class IngressReaderTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Sources_HaveSecretsOfTheirOwn()
    {
        var file = _folder.Write("b", "secret-of-b-3f9a27c1\nnext-of-b-8d2e64b0\n");

        var ingress = _folder.Read($$"""
            {
              "Ingress": {
                "Url": "http://0.0.0.0:8080",
                "Sources": { "A": { "Secrets": [ "secret-of-a-5c71f09e" ] }, "b.2": { "SecretsFile": "{{file}}" } }
              }
            }
            """).Ingress;

        Assert.False(ingress.IsOpen);
        Assert.Equal(
            ["A secret-of-a-5c71f09e", "b.2 secret-of-b-3f9a27c1 next-of-b-8d2e64b0"],
            ingress.Sources.Select(source => string.Join(' ', [source.Name, .. source.Secrets.Select(secret => secret.Reveal())])));
    }

    [Theory]
    [InlineData("""{ "A": { "Secrets": [] } }""", "Ingress:Sources:A:Secrets: is empty")]
    [InlineData("""{ "A": { } }""", "Ingress:Sources:A:Secrets: is empty")]
    [InlineData("""{ "A": { "SecretsFile": "/no/such/file" } }""", "Ingress:Sources:A:SecretsFile: names a file that can't be read")]
    [InlineData("""{ "A": { "Secret": "x" } }""", "Ingress:Sources:A:Secret: is not a setting. Did you mean 'Secrets'?")]
    [InlineData("""{ "A/B": { "Secrets": "x" } }""", "Ingress:Sources:A/B: a source's name is the NAME in /webhooks/qase/NAME")]
    [InlineData("""{ "": { "Secrets": "x" } }""", "Ingress:Sources:: a source's name is the NAME in /webhooks/qase/NAME")]
    [InlineData("""{ "Q7x2Lm9Tz4Kp1Vb8": { "Secrets": "x" } }""", "Ingress:Sources:[secret]: looks like a token")]
    [InlineData("\"A\"", "Ingress:Sources: is a single value; expected a source under each name")]
    public void Read_InvalidSource_IsAnErrorWithItsPath(string sources, string error) => Assert.Contains(
        _folder.Errors($$"""{ "Ingress": { "Sources": {{sources}} } }"""),
        found => found.StartsWith(error, StringComparison.Ordinal));

    [Fact]
    public void Read_SourceNameTwice_IsOneSourceInAnyCase() => Assert.Equal(
        ["new-secret-of-a-5c71f09e"],
        _folder.Read(SettingsNode.From(
            new Dictionary<string, string?> { ["Ingress:Sources:A:Secrets:0"] = "old-secret-of-a-5c71f09e" },
            new Dictionary<string, string?> { ["INGRESS:SOURCES:a:SECRETS:0"] = "new-secret-of-a-5c71f09e" }))
            .Ingress.Sources.Single().Secrets.Select(secret => secret.Reveal()));
}
