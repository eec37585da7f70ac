using System.Text.RegularExpressions;
using DefectNotifier.Worker.Linting;

namespace DefectNotifier.Tests.Settings;

/// <summary>appsettings.example.json is valid, contains no secret that anyone could use, and its commented settings exist.</summary>
public sealed partial class ExampleSettingsTests : IDisposable
{
    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.ExplicitCapture;

    private static readonly string Text = File.ReadAllText(Repository.PathOf("appsettings.example.json"));

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AsItIs_HasNoSecretAndSendsNothing()
    {
        var settings = _folder.Read(Text);

        Assert.False(settings.HasChat());
        Assert.True(settings.Ingress.IsOpen);
        Assert.Empty(settings.OperationsSecrets);
        Assert.Null(settings.QaseApi.Token);
        Assert.Empty(SecretFindings.Of(settings));
    }

    [Fact]
    public void Read_WithItsCommentedSettings_ReportsEachSecretAndNothingElse()
    {
        // The settings in comments replace those of the sandbox and of the file.
        var all = OutboxFile().Replace(Sandbox().Replace(Commented().Replace(Text, "${indent}${setting},"), ""), "");

        var errors = _folder.Errors(all).Select(error => error.Split(": ")).ToList();

        Assert.Equal(
            [
                "Destinations:billing:Url", "Destinations:mobile:Url", "Destinations:web-qa:Token", "Ingress:Secrets",
                "Ingress:Sources:mobile:Secrets", "Operations:Access:0:Secret", "Outbox:ConnectionString",
                "Outbox:ListenConnectionString", "Qase:Token", "Qase:Workspaces:mobile:Token",
            ],
            errors.Select(error => error[0]).Order(StringComparer.Ordinal));
        Assert.All(errors, error => Assert.Contains("is an example value", error[1], StringComparison.Ordinal));
    }

    [GeneratedRegex("""^(?<indent> *)// (?<setting>"\w+": ("[^"]*"|\[.*\]|\{.*\})),?$""", Options, 1000)]
    private static partial Regex Commented();

    [GeneratedRegex("""^ *("Path": "data/.*|"MinFreeBytes": .*)$""", Options, 1000)]
    private static partial Regex OutboxFile();

    // A sandbox that follows commented settings.
    [GeneratedRegex("""(?<=",\s+|\],\s+)"Type": "sandbox"(,\s+"As": "teams")?,?""", Options, 1000)]
    private static partial Regex Sandbox();
}
