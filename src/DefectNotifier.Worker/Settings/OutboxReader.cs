using System.Text.RegularExpressions;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Worker.Settings;

/// <summary>Reads <c>Outbox</c>: the file or the PostgreSQL database that stores everything accepted.</summary>
internal static partial class OutboxReader
{
    private const string Connection = "ConnectionString";
    private const string ListenConnection = "ListenConnectionString";
    private const int MaxNode = 64;

    /// <summary>The settings that belong to a file, and those that belong to PostgreSQL.</summary>
    private static readonly string[] FileKeys = ["Path", "MinFreeBytes"];

    private static readonly string[] DatabaseKeys =
        [ListenConnection, ListenConnection + SettingsSection.FileSuffix, "Schema", "Lease", "Node", "Migrate"];

    /// <summary>The settings with these values.</summary>
    /// <param name="section">The section <c>Outbox</c>.</param>
    /// <param name="settings">Contain the defaults.</param>
    /// <param name="problemOf">What is wrong with a connection string, without any of its values; null: nothing.</param>
    public static NotifierSettings Read(SettingsSection section, NotifierSettings settings, Func<string, string?> problemOf)
    {
        var read = settings with
        {
            OutboxPath = section.Text("Path") ?? settings.OutboxPath,
            OutboxMinFreeBytes = section.Bytes("MinFreeBytes", settings.OutboxMinFreeBytes, 0, 1024L * 1024 * 1024 * 1024),
            OutboxConnectionString = ReadConnection(section, Connection, problemOf),
            OutboxListenConnectionString = ReadConnection(section, ListenConnection, problemOf),
            OutboxSchema = ReadSchema(section, settings.OutboxSchema),
            OutboxLease = section.Duration("Lease", settings.OutboxLease, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)),
            OutboxNode = ReadNode(section, settings.OutboxNode),
            OutboxMigrate = section.Flag("Migrate", settings.OutboxMigrate),
        };
        var isFile = read.OutboxConnectionString is null;
        foreach (var key in (isFile ? DatabaseKeys : FileKeys).Where(key => section.Text(key) is not null))
        {
            section.Error(key, isFile
                ? $"is used only with {Connection}; set that, too, or remove this setting."
                : $"is set together with {Connection}; remove one of the two.");
        }

        section.RejectUnknownKeys();
        return read;
    }

    private static Secret? ReadConnection(SettingsSection section, string key, Func<string, string?> problemOf)
    {
        var text = section.Secret(key);
        if (text is not null && problemOf(text.Reveal()) is { } problem) section.Error(key, $"{problem}.");
        // Not null when the file with it can't be read: a command that continues after errors must not use the file Outbox:Path instead.
        return text ?? (section.Text(key + SettingsSection.FileSuffix) is null ? null : new Secret(""));
    }

    private static string ReadSchema(SettingsSection section, string defaultSchema)
    {
        const string Key = "Schema";
        if (section.Text(Key) is not { } text) return defaultSchema;
        if (Identifier().IsMatch(text)) return text;
        section.Error(Key, $"'{text}' is not a name of at most 40 lower-case letters, digits and '_', such as {defaultSchema}. "
            + "A digit and 'pg_' can't be at its beginning.");
        return defaultSchema;
    }

    private static string ReadNode(SettingsSection section, string defaultNode)
    {
        const string Key = "Node";
        if (section.Text(Key) is not { } name) return defaultNode;
        if (name.Length <= MaxNode && !name.Any(char.IsControl)) return name;
        section.Error(Key, $"has more than {MaxNode} or invisible characters.");
        return defaultNode;
    }

    // It needs no quotation marks in SQL.
    [GeneratedRegex(@"^(?!pg_)[a-z_][a-z0-9_]{0,39}\z", RegexOptions.None, 1000)]
    private static partial Regex Identifier();
}
