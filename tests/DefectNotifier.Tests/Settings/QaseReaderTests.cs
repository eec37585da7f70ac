using System.Text;
using DefectNotifier.Worker.Qase;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

public sealed class QaseReaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qase-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Read_Nothing_CallsNoApi()
    {
        var (options, errors) = Read("{}");

        Assert.Empty(errors);
        Assert.Equal(new Uri("https://api.qase.io/v1/"), options.ApiUrl);
        Assert.Equal(60, options.RequestsPerMinute);
        Assert.Null(options.Token);
        using var http = new QaseHttp();
        Assert.Null(new QaseAccountFactory(http, TimeProvider.System).Create(options).For(""));
    }

    [Fact]
    public void Read_Workspaces_InheritWhatTheyDoNotSet()
    {
        var file = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(file, "from-file\n");

        var (options, errors) = Read($$"""
            { "ApiUrl": "https://api-acme.qase.io/v1", "Token": "common", "RequestsPerMinute": 30,
              "Workspaces": { "mobile": { "TokenFile": "{{file}}" }, "labs": { "Token": "own", "ApiUrl": "http://127.0.0.1:5/v1" } } }
            """);

        Assert.Empty(errors);
        Assert.Equal("common", options.Token!.Reveal());
        Assert.Equal(["labs http://127.0.0.1:5/v1/ own", "mobile https://api-acme.qase.io/v1/ from-file"],
            options.Workspaces.Select(workspace => $"{workspace.Name} {workspace.ApiUrl} {workspace.Token.Reveal()}")
                .Order(StringComparer.Ordinal));
        using var http = new QaseHttp();
        var accounts = new QaseAccountFactory(http, TimeProvider.System).Create(options);
        Assert.Equal(
            ("Qase", "Qase:Workspaces:mobile", "Qase:Workspaces:labs"),
            (accounts.For("")!.Name, accounts.For("Mobile")!.Name, accounts.For("labs")!.Name));
        Assert.Equal(3, accounts.All.Select(account => account.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.All(accounts.All, account => Assert.Equal(30, account.RequestsPerMinute));
        Assert.DoesNotContain("common", accounts.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SameTokenTwice_IsOneAccount()
    {
        var (options, _) = Read("""{ "Token": "same", "Workspaces": { "a": { "Token": "same" } } }""");

        using var http = new QaseHttp();
        Assert.Single(
            new QaseAccountFactory(http, TimeProvider.System).Create(options).All
                .Select(account => account.Key)
                .Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Token": "your-qase-api-token" }""", "Qase:Token: is an example value")]
    [InlineData("""{ "Token": "two words" }""", "Qase:Token: contains characters")]
    [InlineData("""{ "TokenFile": "/nowhere/at/all" }""", "Qase:TokenFile: names a file that can't be read")]
    [InlineData("""{ "ApiUrl": "http://api.qase.io/v1/" }""", "Qase:ApiUrl: must be https")]
    [InlineData("""{ "ApiUrl": "https://user:pass@api.qase.io/v1/" }""", "Qase:ApiUrl: contains a user name or password")]
    [InlineData("""{ "ApiUrl": "https://api.qase.io/v1/?a=b" }""", "Qase:ApiUrl: contains a '?'")]
    [InlineData("""{ "ApiUrl": "api" }""", "Qase:ApiUrl: is not an address")]
    [InlineData("""{ "RequestsPerMinute": 0 }""", "Qase:RequestsPerMinute: '0'")]
    [InlineData("""{ "RequestsPerMinute": 601 }""", "Qase:RequestsPerMinute: '601'")]
    [InlineData("""{ "Tokken": "a" }""", "Qase:Tokken: is not a setting. Did you mean 'Token'?")]
    [InlineData(
        """{ "DefectListUrl": "https://x/{code}/{id}" }""",
        "Qase:DefectListUrl: is not an http or https address with no other placeholders than {code}.")]
    [InlineData(
        """{ "RunUrl": "https://x/{code}/{run}" }""",
        "Qase:RunUrl: is not an http or https address with no other placeholders than {code} and {id}.")]
    [InlineData("""{ "DefectUrl": "ftp://x" }""", "Qase:DefectUrl: is not an http or https address")]
    [InlineData("""{ "Workspaces": { "a": { } } }""", "")]
    [InlineData("""{ "Workspaces": { "a": { "ApiUrl": "https://api.qase.io/v1/" } } }""", "Qase:Workspaces:a:Token: is missing")]
    [InlineData("""{ "Workspaces": { "a b": { "Token": "x" } } }""", "Qase:Workspaces:a b: a workspace's name is")]
    [InlineData("""{ "Workspaces": { "a": { "Token": "x", "Path": "y" } } }""", "Qase:Workspaces:a:Path: is not a setting")]
    [InlineData("""{ "Workspaces": { "a": { "Token": "your-qase-api-token" } } }""", "Qase:Workspaces:a:Token: is an example value")]
    [InlineData("""{ "Workspaces": "x" }""", "Qase:Workspaces: is a single value")]
    public void Read_Error_IsReportedOnceWithItsPathAndWithoutSecrets(string json, string expected)
    {
        var (_, errors) = Read(json);

        // .NET's JSON parser reads an empty object like a missing one.
        if (expected.Length == 0)
            Assert.All(errors, error => Assert.StartsWith("Qase:Workspaces:a:Token: is missing", error, StringComparison.Ordinal));
        else Assert.StartsWith(expected, Assert.Single(errors), StringComparison.Ordinal);
        Assert.All(errors, error => Assert.DoesNotContain("two words", error, StringComparison.Ordinal));
        Assert.All(errors, error => Assert.DoesNotContain("pass@", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_TokenTogetherWithTokenFile_IsAnError()
    {
        var file = Path.Combine(_folder.FullName, "token");
        File.WriteAllText(file, "from-file");

        var (_, errors) = Read($$"""{ "Token": "a", "TokenFile": "{{file}}" }""");

        Assert.StartsWith("Qase:TokenFile: is set together with Token", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static (QaseApiOptions Options, List<string> Errors) Read(string json)
    {
        var errors = new List<string>();
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "Qase": {{json}} }"""));
        var root = SettingsSources.Parse(stream);
        var (_, options) = QaseReader.Read(new SettingsSection(root.GetSection("Qase"), errors));
        return (options, errors);
    }
}
