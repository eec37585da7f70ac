using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

public sealed class OperationsReaderTests : IDisposable
{
    private const string Good = "7d1f0c9e5b3a48261f7e";

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Access_HasNamesSecretsAndPermissions()
    {
        var file = _folder.Write("bo", Good + "2\n");

        var settings = _folder.Read($$"""
            {
              "Operations": {
                "PublicUrl": "https://console.example.com",
                "Access": [
                  { "Name": "anna", "Secret": "{{Good}}1", "May": ["READ", "act"] },
                  { "Name": "bo", "SecretFile": "{{file}}", "May": "edit" }
                ]
              },
              "Console": { "Enabled": false }
            }
            """);

        Assert.Equal(
            [("anna", Good + "1", Permissions.Read | Permissions.Act), ("bo", Good + "2", Permissions.Read | Permissions.Edit)],
            settings.OperationsAccess.Select(one => (one.Name, one.Secret.Reveal(), one.May)));
        Assert.Equal(new Uri("https://console.example.com"), settings.OperationsPublicUrl);
        Assert.False(settings.IsConsoleEnabled);
        Assert.True(settings.HasOperatorSecret());
        Assert.Equal(Good + "1", settings.CommandSecret()!.Reveal());
    }

    [Fact]
    public void Read_Nothing_IsOpenWithTheConsole()
    {
        var settings = _folder.Read("{}");

        Assert.Null(settings.OperationsPublicUrl);
        Assert.Null(settings.CommandSecret());
        Assert.False(settings.HasOperatorSecret());
        Assert.True(settings.IsConsoleEnabled);
    }

    [Theory]
    [InlineData("""{ "Secret": "@", "May": ["read"] }""", "Name: is missing")]
    [InlineData("""{ "Name": "a\u0007", "Secret": "@", "May": ["read"] }""", "Name: has more than 64 or invisible characters.")]
    [InlineData("""{ "Name": "xoxb-1111111111-2222222222", "Secret": "@", "May": ["read"] }""", "Name: looks like a token or an address")]
    [InlineData("""{ "Name": "anna", "May": ["read"] }""", "Secret: is missing; set Secret or SecretFile.")]
    [InlineData("""{ "Name": "anna", "Secret": "@" }""", "May: is empty; expected some of read, act and edit.")]
    [InlineData("""{ "Name": "anna", "Secret": "@", "May": ["read", "acts"] }""", "May:1: 'acts' is not one of read, act, edit.")]
    [InlineData("""{ "Name": "anna", "Secret": "@", "May": ["all"] }""", "May:0: 'all' is not one of read, act, edit.")]
    [InlineData("""{ "Name": "anna", "Secret": "@", "May": ["read"], "Role": "x" }""", "Role: is not a setting.")]
    public void Read_OperatorWithAnError_NamesIt(string entry, string error)
    {
        var errors = _folder.Errors($$"""{ "Operations": { "Access": [ {{entry.Replace("@", Good, StringComparison.Ordinal)}} ] } }""");

        Assert.StartsWith("Operations:Access:0:" + error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SecretOrNameOfAnotherOperator_IsAnError() => Assert.Equal(
        [
            "Operations:Access:0:Secret: is also the secret of another operator; each needs its own.",
            "Operations:Access:1:Name: 'Anna' is also the name of another operator.",
        ],
        _folder.Errors($$"""
            {
              "Operations": {
                "Secrets": "{{Good}}",
                "Access": [
                  { "Name": "anna", "Secret": "{{Good}}", "May": "read" },
                  { "Name": "Anna", "Secret": "{{Good}}1", "May": "read" }
                ]
              }
            }
            """));

    [Theory]
    [InlineData("https://example.com/console", "has more than a host and a port; expected an address such as https://example.com.")]
    [InlineData("http://example.com:81/?a=1", "has more than a host and a port; expected an address such as http://example.com:81.")]
    [InlineData("example.com", "is not an absolute http or https address.")]
    public void Read_PublicUrl_IsAHost(string url, string error) => Assert.Equal(
        $"Operations:PublicUrl: {error}", Assert.Single(_folder.Errors($$"""{ "Operations": { "PublicUrl": "{{url}}" } }""")));
}
