using System.Text;
using DefectNotifier.Delivery.Sending;
using DefectNotifier.Worker.Hosting;
using DefectNotifier.Worker.Settings;

namespace DefectNotifier.Tests.Settings;

/// <summary>The outbox's settings: a file, or a PostgreSQL database.</summary>
public sealed class OutboxReaderTests : IDisposable
{
    private const string Good = "Host=db1,db2;Database=defects;Username=notifier;Password=hunter2";
    private const string Conflict = "is set together with ConnectionString; remove one of the two.";
    private const string Alone = "is used only with ConnectionString; set that, too, or remove this setting.";

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Nothing_IsAFileAndHasTheDefaults()
    {
        var settings = Read("{}");

        Assert.Null(settings.OutboxConnectionString);
        Assert.Null(settings.OutboxListenConnectionString);
        Assert.Equal(
            ("defect_notifier", TimeSpan.FromSeconds(10), Environment.MachineName, true),
            (settings.OutboxSchema, settings.OutboxLease, settings.OutboxNode, settings.OutboxMigrate));
        Assert.Equal(Path.GetFullPath("data/defect-notifier.db"), OutboxEngine.NameOf(settings));
        Assert.Equal("Outbox:Path", OutboxEngine.SettingOf(settings));
    }

    [Fact]
    public void Read_Everything_IsAsWritten()
    {
        var settings = Read($$"""
            {
              "ConnectionString": "{{Good}}", "ListenConnectionString": "Host=db1;Database=defects", "Schema": "qa_2", "Lease": "5s",
              "Node": "node 1", "Migrate": false
            }
            """);

        Assert.Equal(Good, settings.OutboxConnectionString!.Reveal());
        Assert.Equal("Host=db1;Database=defects", settings.OutboxListenConnectionString!.Reveal());
        Assert.Equal(
            ("qa_2", TimeSpan.FromSeconds(5), "node 1", false),
            (settings.OutboxSchema, settings.OutboxLease, settings.OutboxNode, settings.OutboxMigrate));
        Assert.Equal("db1,db2:5432/defects, schema qa_2", OutboxEngine.NameOf(settings));
        Assert.Equal("Outbox:ConnectionString", OutboxEngine.SettingOf(settings));
        Assert.Contains("Outbox: db1,db2:5432/defects, schema qa_2", StartLines.Of(Loaded(settings)));
        Assert.DoesNotContain("hunter2", string.Concat(StartLines.Of(Loaded(settings))), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(SettingsJson.WithoutSecrets(settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Files_AreTheSecrets()
    {
        var (one, two) = (_folder.Write("one", Good + "\n"), _folder.Write("two", Good + ";Port=1"));

        var settings = Read($$"""{ "ConnectionStringFile": "{{one}}", "ListenConnectionStringFile": "{{two}}" }""");

        Assert.Equal(Good, settings.OutboxConnectionString!.Reveal());
        Assert.Equal(Good + ";Port=1", settings.OutboxListenConnectionString!.Reveal());
    }

    [Theory]
    [InlineData("Path", "\"data/other.db\"")]
    [InlineData("MinFreeBytes", "0")]
    public void Read_SettingOfAFileWithADatabase_IsAnError(string key, string value) =>
        Assert.Equal($"Outbox:{key}: {Conflict}", ErrorOf($$"""{ "ConnectionString": "{{Good}}", "{{key}}": {{value}} }"""));

    [Theory]
    [InlineData("ListenConnectionString", "\"Host=db1;Database=defects\"")]
    [InlineData("Schema", "\"defect_notifier\"")]
    [InlineData("Lease", "\"10s\"")]
    [InlineData("Node", "\"one\"")]
    [InlineData("Migrate", "true")]
    public void Read_SettingOfADatabaseWithoutOne_IsAnError(string key, string value) =>
        Assert.Equal($"Outbox:{key}: {Alone}", ErrorOf($$"""{ "{{key}}": {{value}} }"""));

    [Fact]
    public void Read_FileWithAListenConnectionWithoutADatabase_IsAnError() => Assert.Equal(
        $"Outbox:ListenConnectionStringFile: {Alone}",
        ErrorOf($$"""{ "ListenConnectionStringFile": "{{_folder.Write("one", Good)}}" }"""));

    [Theory]
    [InlineData("Schema", "\"Defects\"", "'Defects' is not a name of at most 40 lower-case letters")]
    [InlineData("Schema", "\"2qa\"", "'2qa' is not a name")]
    [InlineData("Schema", "\"pg_qa\"", "'pg_qa' is not a name")]
    [InlineData("Schema", "\"qa-2\"", "'qa-2' is not a name")]
    [InlineData("Schema", "\"schema_of_the_defect_notifier_of_the_team\"", "'schema_of_the_defect_notifier_of_the_team' is not")]
    [InlineData("Lease", "\"4s\"", "'4s' is not a time from 00:00:05 to 00:01:00")]
    [InlineData("Lease", "\"61s\"", "'61s' is not a time")]
    [InlineData("Node", "\"a\\u0007b\"", "has more than 64 or invisible characters.")]
    [InlineData("Migrate", "\"no\"", "'no' is neither true nor false.")]
    [InlineData("Engine", "\"postgres\"", "is not a setting.")]
    [InlineData("ListenConnectionString", "\"Host=db1;Password=hunter2\"", "has no 'database'; expected keywords")]
    public void Read_InvalidValue_IsAnErrorWithItsPath(string key, string value, string error) => Assert.StartsWith(
        $"Outbox:{key}: {error}", ErrorOf($$"""{ "ConnectionString": "{{Good}}", "{{key}}": {{value}} }"""), StringComparison.Ordinal);

    [Theory]
    [InlineData("Host=db1;Password=hunter2", "has no 'database'")]
    [InlineData("Host=db1;Database=defects;Password=a;hunter2=b", "has an unknown keyword after the value of 'password'")]
    [InlineData("postgres://notifier:hunter2@db1/defects?sslmode=require", "is an address")]
    public void Read_WrongConnectionString_IsAnErrorWithoutAValue(string text, string problem)
    {
        foreach (var json in (string[])
            [$$"""{ "ConnectionString": "{{text}}" }""", $$"""{ "ConnectionStringFile": "{{_folder.Write("one", text)}}" }"""])
        {
            var error = ErrorOf(json);

            Assert.StartsWith($"Outbox:ConnectionString: {problem}", error, StringComparison.Ordinal);
            Assert.EndsWith(".", error, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        }
    }

    // A command that continues after errors must not take the file for the outbox.
    [Theory]
    [InlineData("ConnectionStringFile", "/no/such/file", "Outbox:ConnectionStringFile: names a file that can't be read")]
    [InlineData("ConnectionString", "Host=hunter2", "Outbox:ConnectionString: has no 'database'")]
    public void Read_ConnectionStringWithAnError_IsNotTheFile(string key, string value, string expected)
    {
        var error = Assert.Throws<SettingsException>(
            () => Read($$"""{ "{{key}}": "{{value}}", "Schema": "qa" }"""));

        Assert.StartsWith(expected, Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.True(SettingsReader.IsAccessError(error.Errors[0]));
        Assert.Equal("that Outbox:ConnectionString names", OutboxEngine.NameOf(error.Settings!));
    }

    [Fact]
    public void Differing_EachSetting_IsNamedAndKept()
    {
        var running = new NotifierSettings();
        var wanted = Read($$"""
            {
              "ConnectionString": "{{Good}}", "ListenConnectionString": "{{Good}}", "Schema": "qa", "Lease": "5s", "Node": "a?",
              "Migrate": false
            }
            """);

        Assert.Equal(
            [
                "Outbox:ConnectionString", "Outbox:ListenConnectionString", "Outbox:Schema", "Outbox:Lease", "Outbox:Node",
                "Outbox:Migrate",
            ],
            RestartSettings.Differing(running, wanted));
        var kept = RestartSettings.Keep(running, wanted);
        Assert.Empty(RestartSettings.Differing(running, kept));
        Assert.Equal(OutboxValues(running), OutboxValues(kept));
    }

    [Fact]
    public void Differing_SameTextInAnotherSecret_IsNone()
    {
        var running = new NotifierSettings { OutboxConnectionString = new Secret(Good), OutboxListenConnectionString = new Secret(Good) };
        var wanted = running with { OutboxConnectionString = new Secret(Good), OutboxListenConnectionString = new Secret(Good) };

        Assert.Empty(RestartSettings.Differing(running, wanted));
    }

    private static LoadedSettings Loaded(NotifierSettings settings) => new(settings, new Dictionary<string, string?>());

    // A setting that is added later is included.
    private static IEnumerable<string> OutboxValues(NotifierSettings settings) =>
        SettingsJson.WithSecrets(settings).Where(pair => pair.Key.StartsWith("Outbox", StringComparison.Ordinal))
            .Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}");

    private NotifierSettings Read(string outbox) => _folder.Read($$"""{ "Outbox": {{outbox}} }""");

    private string ErrorOf(string outbox) => Assert.Single(_folder.Errors($$"""{ "Outbox": {{outbox}} }"""));
}
