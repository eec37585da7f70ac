namespace DefectNotifier.Tests.Commands.Checking;

/// <summary>The least that is broken for one kind of finding.</summary>
/// <param name="Code">The finding's word.</param>
/// <param name="Place">What its place ends with.</param>
/// <param name="Break">Breaks it.</param>
internal sealed record FindingCase(string Code, string Place, Action<CheckFolder> Break)
{
    public static IReadOnlyList<FindingCase> All { get; } =
    [
        new("settings-file", "settings.json:2:3", folder => folder.RawSettings = "{\n  Routes\n}"),
        new("setting", "Destinations:lobby:Typ", folder => folder.Set("Destinations:lobby:Typ", "\"x\"")),
        new("no-secret", "Ingress:Secrets", folder => folder.Slack("web").Set("Ingress:Secrets", "[]")),
        new("no-secret", "Operations:Secrets", folder => folder.Set("Operations:Url", "\"http://0.0.0.0:9\"")),
        new("foreign-host", "Destinations:web:ApiUrl", folder => folder.Slack("web", more: """, "ApiUrl": "https://slack.example/api/" """)),
        new("foreign-host", "Destinations:hook:Url", folder => folder.Set("Destinations:hook", """{ "Type": "slack-webhook", "Url": "https://hooks.example/services/T/B/x" }""").Route("""{ "To": ["hook"], "Continue": true }""")),
        new("pace-too-fast", "Destinations:web:Pace:PerSecond", folder => folder.Slack("web", more: """, "Pace": { "PerSecond": 2 }""")),
        new("pace-off", "Destinations:web:Pace:PerSecond", folder => folder.Slack("web", more: """, "Pace": { "PerSecond": 0 }""")),
        new("pace-of-workspace", "Destinations:e:Pace:PerSecond", folder => folder.Slack("a", "C1").Slack("b", "C2").Slack("c", "C3").Slack("d", "C4").Slack("e", "C5", """, "Pace": { "PerSecond": 1 }""")),
        new("unused-destination", "Destinations:spare", folder => folder.Set("Destinations:spare", """{ "Type": "sandbox" }""")),
        new("same-place", "Routes:0:To", folder => folder.Slack("web").Slack("again").Route("""{ "To": ["web", "again"], "Continue": true }""")),
        new("same-place", "Routes:0:Fallback", folder => folder.Slack("web").Slack("again").Route("""{ "To": ["web"], "Fallback": "again", "Continue": true }""")),
        new("fallback-cycle", "Routes:1:Fallback", folder => folder.Slack("web").Slack("ops", "C2").Set("Routes:0:Fallback", "\"web\"").Route("""{ "To": ["web"], "Fallback": "ops", "Continue": true }""")),
        new("shadowed-route", "Routes:1", folder => folder.Route("""{ "To": ["lobby"] }""")),
        new("never-matches", "Routes:0", folder => folder.Route("""{ "To": ["lobby"], "Severities": ["minor"], "MinSeverity": "major" }""")),
        new("never-matches", "Routes:0", folder => folder.Route("""{ "To": ["lobby"], "Events": ["defect.resolved"], "MinSeverity": "major" }""")),
        new("unknown-event", "Routes:0:Events:0", folder => folder.Route("""{ "To": ["lobby"], "Events": ["defect.create"] }""")),
        new("unrouted", "Routes", folder => folder.Set("Routes:0:Events", """["defect.*"]""")),
        new("duplicate-destination", "Routes:0:To:1", folder => folder.Set("Routes:0:To", """["lobby", "LOBBY"]""")),
        new("unreadable-file", "defect.created.sbn", folder => System.IO.File.CreateSymbolicLink(Path.Combine(folder.Templates, "defect.created.sbn"), "/nowhere/at/all")),
        new("ignored-file", "defect.created.sbn.txt", folder => folder.File("defect.created.sbn.txt", "x")),
        new("template-name", "defect.create.sbn", folder => folder.File("defect.create.sbn", "x")),
        new("unused-template", "finance/defect.updated.sbn", folder => folder.File("finance/defect.updated.sbn", "x").Route("""{ "To": ["lobby"], "TemplateSet": "finance", "Events": ["defect.created"] }""")),
        new("unused-set", "finance", folder => folder.File("finance/defect.updated.sbn", "x")),
        new("template-syntax", "default.sbn:1:13", folder => folder.File("default.sbn", "x {{ if 1 }} y")),
        new("unclosed-tag", "default.sbn:2:3", folder => folder.File("default.sbn", "x\ny {{ event.name")),
        new("stray-brace", "default.sbn:1:3", folder => folder.File("default.sbn", "x }}")),
        new("unknown-name", "default.sbn:2:4", folder => folder.File("default.sbn", "x\n{{ defect.titel }}")),
        new("unknown-function", "default.sbn:1:19", folder => folder.File("default.sbn", "x {{ event.name | trunkate 3 }}")),
        new("wrong-arguments", "default.sbn:1:19", folder => folder.File("default.sbn", "x {{ event.name | truncate }}")),
        new("unknown-include", "default.sbn:1:6", folder => folder.File("default.sbn", "x {{ include '_foter' }}")),
        new("include-cycle", "_a.sbn:1:4", folder => folder.File("_a.sbn", "{{ include '_a' }}")),
        new("render-fault", "default.sbn:1:19", folder => folder.File("default.sbn", "x {{ event.time | date 'q' }}")),
        new("renders-nothing", "default.sbn", folder => folder.File("default.sbn", "{{ payload.nothing }}")),
        new("shortened", "default.sbn", folder => folder.File("default.sbn", "{{ for i in 1..900 }}{{ event.name }} says {{ i }}, and so on, and so forth. {{ end }}")),
        new("unfinished", "templates", folder => folder.File("default.sbn", "x")),
    ];
}
