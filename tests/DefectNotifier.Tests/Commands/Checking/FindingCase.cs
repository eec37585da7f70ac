namespace DefectNotifier.Tests.Commands.Checking;

/// <summary>The smallest error that causes one kind of finding.</summary>
/// <param name="Code">The finding's code.</param>
/// <param name="Place">The end of the finding's place.</param>
/// <param name="Break">Makes the error.</param>
internal sealed record FindingCase(string Code, string Place, Action<CheckFolder> Break)
{
    public static IReadOnlyList<FindingCase> All { get; } =
    [
        new("settings-file", "settings.json:2:3", folder => folder.RawSettings = "{\n  Routes\n}"),
        new("setting", "Destinations:lobby:Typ", folder => folder.Set("Destinations:lobby:Typ", "\"x\"")),
        new("no-secret", "Ingress:Secrets", folder => folder.Slack("web").Set("Ingress:Secrets", "[]")),
        new("weak-secret", "Ingress:Secrets", folder => folder.Set("Ingress:Secrets", """["change-me"]""")),
        new("weak-secret", "Ingress:Sources:a:Secrets", folder => folder.Set("Ingress:Sources:a:Secrets", """["1234567890"]""")),
        new("shared-secret", "Ingress:Sources:a:Secrets",
            folder => folder.Set("Ingress:Sources", $$"""{ "a": { "Secrets": {{folder.Settings["Ingress"]!["Secrets"]}} } }""")),
        new("setting", "Ingress:Secrets", folder => folder.Slack("web").Set("Ingress:Secrets", """["change-me"]""")),
        new("no-secret", "Operations:Secrets", folder => folder.Set("Operations:Url", "\"http://0.0.0.0:9\"")),
        new("foreign-host", "Destinations:web:ApiUrl",
            folder => folder.Slack("web", more: """, "ApiUrl": "https://slack.example/api/" """)),
        new("foreign-host", "Destinations:hook:Url",
            folder => folder.Set("Destinations:hook", """{ "Type": "slack-webhook", "Url": "https://hooks.example/services/T/B/x" }""")
                .Route("""{ "To": ["hook"], "Continue": true }""")),
        new("foreign-host", "Qase:ApiUrl", folder => folder.Set("Qase", """{ "ApiUrl": "https://qase.example/v1/", "Token": "x" }""")),
        new("foreign-host", "Qase:Workspaces:a:ApiUrl",
            folder => folder.Set("Qase", """{ "Workspaces": { "a": { "ApiUrl": "https://evilqase.io/v1/", "Token": "x" } } }""")),
        new("setting", "Outbox:ConnectionString", folder => folder.Set("Outbox:ConnectionString", "\"Host=db1\"")),
        new("setting", "Qase:Token", folder => folder.Set("Qase:Token", "\"your-qase-api-token\"")),
        new("rate-limit-too-high", "Destinations:web:RateLimit:PerSecond",
            folder => folder.Slack("web", more: """, "RateLimit": { "PerSecond": 2 }""")),
        new("rate-limit-off", "Destinations:web:RateLimit:PerSecond",
            folder => folder.Slack("web", more: """, "RateLimit": { "PerSecond": 0 }""")),
        new("rate-limit-of-workspace", "Destinations:e:RateLimit:PerSecond",
            folder => folder.Slack("a", "C1").Slack("b", "C2").Slack("c", "C3").Slack("d", "C4")
                .Slack("e", "C5", """, "RateLimit": { "PerSecond": 1 }""")),
        new("unused-destination", "Destinations:spare", folder => folder.Set("Destinations:spare", """{ "Type": "sandbox" }""")),
        new("same-place", "Routes:0:To",
            folder => folder.Slack("web").Slack("again").Route("""{ "To": ["web", "again"], "Continue": true }""")),
        new("same-place", "Routes:0:Fallback",
            folder => folder.Slack("web").Slack("again").Route("""{ "To": ["web"], "Fallback": "again", "Continue": true }""")),
        new("fallback-cycle", "Routes:1:Fallback",
            folder => folder.Slack("web").Slack("ops", "C2").Set("Routes:0:Fallback", "\"web\"")
                .Route("""{ "To": ["web"], "Fallback": "ops", "Continue": true }""")),
        new("short-digest-window", "Destinations:web:Digest:Window",
            folder => folder.Slack("web", more: """, "Digest": { "Window": "1s" } """)),
        new("short-digest-window", "Destinations:slow:Digest:Window",
            folder => folder.Set("Destinations:slow", """{ "Type": "sandbox", "RateLimit": { "PerSecond": 0.01 } }""")
                .Route("""{ "To": ["slow"], "Continue": true }""")),
        new("outbox", "Outbox:Path", folder => folder.Outbox("not a database, but long enough to be read as one")),
        new("unused-silence", "silence 1", folder => folder.Silence(days: 7)),
        new("shadowed-route", "Routes:1", folder => folder.Route("""{ "To": ["lobby"] }""")),
        new("never-matches", "Routes:0",
            folder => folder.Route("""{ "To": ["lobby"], "Severities": ["minor"], "MinSeverity": "major" }""")),
        new("unknown-event", "Routes:0:Events:0", folder => folder.Route("""{ "To": ["lobby"], "Events": ["defect.create"] }""")),
        new("unrouted", "Routes", folder => folder.Set("Routes:0:Events", """["defect.*"]""")),
        new("no-thread", "Routes:0:MessageMode",
            folder => folder.Set("Destinations:hook", """{ "Type": "sandbox", "As": "slack-webhook" }""").Teams("flow")
                .Route("""{ "To": ["hook", "flow"], "MessageMode": "thread", "Continue": true }""")),
        new("no-thread", "Routes:0:Repeats",
            folder => folder.Teams("flow").Route("""{ "To": ["flow"], "Repeats": { "Within": "24h" }, "Continue": true }""")),
        new("not-followed", "Routes:0:Follow",
            folder => folder.Set("Destinations:quiet:Type", "\"sandbox\"")
                .Route("""{ "To": ["quiet"], "Events": ["defect.created"], "Follow": false, "Continue": true }""")),
        new("duplicate-destination", "Routes:0:To:1", folder => folder.Set("Routes:0:To", """["lobby", "LOBBY"]""")),
        new("endless-quiet-hours", "Routes:0:QuietHours",
            folder => folder.Set("Routes:0:QuietHours", """[{ "From": "08:00", "To": "20:00" }, { "From": "20:00", "To": "08:00" }]""")),
        new("unused-quiet-hours", "Routes:0:QuietHours:1",
            folder => folder.Route(
                """
                { "To": ["lobby"], "MinSeverity": "critical", "Continue": true,
                  "QuietHours": [{ "From": "22:00", "To": "07:00" },
                                 { "From": "12:00", "To": "13:00", "Except": ["blocker", "critical", "blocker"] }] }
                """)),
        new("unreadable-file", "defect.created.sbn",
            folder => System.IO.File.CreateSymbolicLink(Path.Combine(folder.Templates, "defect.created.sbn"), "/nowhere/at/all")),
        new("misplaced-file", "templates/defect.created.json.sbn", folder => folder.File("defect.created.json.sbn", "[]")),
        new("misplaced-file", "slack/defect.created.sbn", folder => folder.File("slack/defect.created.sbn", "x")),
        new("misplaced-file", "finance/web/defect.created.sbn", folder => folder.File("finance/web/defect.created.sbn", "x")),
        new("ignored-file", "defect.created.sbn.txt", folder => folder.File("defect.created.sbn.txt", "x")),
        new("template-name", "defect.create.sbn", folder => folder.File("defect.create.sbn", "x")),
        new("unused-template", "finance/defect.updated.sbn",
            folder => folder.File("finance/defect.updated.sbn", "x")
                .Route("""{ "To": ["lobby"], "TemplateSet": "finance", "Events": ["defect.created"] }""")),
        new("unused-set", "finance", folder => folder.File("finance/defect.updated.sbn", "x")),
        new("template-syntax", "default.sbn:1:6", folder => folder.File("default.sbn", "x {{ if 1 }} y")),
        new("unclosed-tag", "default.sbn:2:3", folder => folder.File("default.sbn", "x\ny {{ event.name")),
        new("stray-brace", "default.sbn:1:3", folder => folder.File("default.sbn", "x }}")),
        new("unknown-name", "default.sbn:2:4", folder => folder.File("default.sbn", "x\n{{ defect.titel }}")),
        new("unknown-name", "digest.sbn:1:37",
            folder => folder.File("digest.sbn", "x{{ for group in digest.groups }}{{ group.titel }}{{ end }}")),
        new("unknown-function", "default.sbn:1:19", folder => folder.File("default.sbn", "x {{ event.name | trunkate 3 }}")),
        new("wrong-arguments", "default.sbn:1:19", folder => folder.File("default.sbn", "x {{ event.name | truncate }}")),
        new("unknown-include", "default.sbn:1:6", folder => folder.File("default.sbn", "x {{ include '_foter' }}")),
        new("include-cycle", "_a.sbn:1:4", folder => folder.File("_a.sbn", "{{ include '_a' }}")),
        new("render-error", "default.sbn:1:19", folder => folder.File("default.sbn", "x {{ event.time | date 'q' }}")),
        new("renders-nothing", "default.sbn", folder => folder.File("default.sbn", "{{ payload.nothing }}")),
        new("renders-nothing", "default.sbn", folder => folder.File("default.sbn", "{{ if !message.is_reply }}x{{ end }}")),
        new("render-error", "default.sbn:1:40",
            folder => folder.File("default.sbn", "x {{ if message.is_reply; event.time | date 'q'; end }}")),
        new("render-warning", "default.sbn:2:4", folder => folder.File("default.sbn", "x\n{{ mention 'nobody' }}")),
        new("render-warning", "default.sbn:1:6",
            folder => folder.Set("Templates:Mentions", """{ "lead": { "Name": "Lead", "Teams": "lead@contoso.com" } }""")
                .File("default.sbn", "x {{ mention 'lead' }}")),
        new("render-warning", "slack/default.json.sbn:2:15",
            folder => folder.File("slack/default.json.sbn", "{ \"blocks\": [ { \"type\": \"divider\" } ],\n   \"channel\": \"C1\" }")),
        new("shortened", "default.sbn",
            folder => folder.File("default.sbn", "{{ for i in 1..900 }}{{ event.name }} says {{ i }}, and so on, and so forth. {{ end }}")),
        new("shortened", "slack/default.json.sbn",
            folder => folder.File(
                "slack/default.json.sbn",
                """
                [{{ for i in 1..60 }}
                  { "type": "header", "text": { "type": "plain_text", "text": "{{ event.name }} {{ i }}" } },
                {{ end }}]
                """)),
        new("shortened", "slack/default.json.sbn",
            folder => folder.File(
                "slack/default.json.sbn",
                """
                {{ capture long; for i in 1..60; event.name; end; end }}
                [ { "type": "header", "text": { "type": "plain_text", "text": "{{ long }}" } } ]
                """)),
        new("unused-template", "teams/default.json.sbn",
            folder => folder.File(
                "teams/default.json.sbn", """{ "type": "AdaptiveCard", "body": [ { "type": "TextBlock", "text": "x" } ] }""")),
        new("template-syntax", "slack/default.json.sbn:2:4", folder => folder.File("slack/default.json.sbn", "[\n{{ if 1 }} ]")),
        new("unclosed-tag", "slack/default.json.sbn:2:19",
            folder => folder.File("slack/default.json.sbn", "[\n{ \"type\": \"divider{{ event.name\" } ]")),
        new("unknown-name", "teams/default.json.sbn:2:37",
            folder => folder.Teams("lobby").File(
                "teams/default.json.sbn",
                "{ \"type\": \"AdaptiveCard\", \"body\": [\n{ \"type\": \"TextBlock\", \"text\": \"x{{ defect.titel }}\" } ] }")),
        new("unknown-function", "slack/default.json.sbn:1:30",
            folder => folder.File("slack/default.json.sbn", """[ { "type": "divider" } ] {{ trunkate 3 }}""")),
        new("unknown-include", "slack/default.json.sbn:2:4",
            folder => folder.File("slack/default.json.sbn", "[\n{{ include '_blocs' }} ]")),
        new("include-cycle", "slack/_a.json.sbn:1:4", folder => folder.File("slack/_a.json.sbn", "{{ include '_a' }}")),
        new("render-error", "slack/default.json.sbn:2:3",
            folder => folder.File("slack/default.json.sbn", "[ { \"type\": \"divider\" }\n  { \"type\": \"divider\" } ]")),
        new("render-warning", "teams/default.json.sbn:2:39",
            folder => folder.Teams("lobby").File(
                "teams/default.json.sbn",
                """
                { "type": "AdaptiveCard", "body": [
                  { "type": "ActionSet", "actions": [ { "type": "Action.Submit" } ] },
                  { "type": "TextBlock", "text": "a", "wrap": true } ] }
                """)),
        new("render-warning", "slack/default.json.sbn:1:91",
            folder => folder.Slack("web").File(
                "slack/default.json.sbn",
                """
                [ { "type": "card", "title": { "type": "mrkdwn", "text": "{{ event.name }}" }, "actions": [ {{ for i in 1..4 }}
                  { "type": "button", "text": { "type": "plain_text", "text": "a" }, "url": "https://ok.example/" }, {{ end }} ] } ]
                """)),
        new("date-format", "default.sbn:1:24", folder => folder.File("default.sbn", "x {{ event.time | date 'YYYY-MM-DD' }}")),
        new("foreign-markup", "default.sbn:2:3", folder => folder.File("default.sbn", "x\ny <!channel>")),
        new("foreign-markup", "teams/default.json.sbn:2:33",
            folder => folder.Teams("lobby").File(
                "teams/default.json.sbn",
                "{ \"type\": \"AdaptiveCard\", \"body\": [\n{ \"type\": \"TextBlock\", \"text\": \"${title}\" } ] }")),
        new("template-syntax", "default.sbn:1:9", folder => folder.File("default.sbn", "x {{ if severity = 'blocker' }}a{{ end }}")),
        new("unknown-word", "default.sbn:1:28", folder => folder.File("default.sbn", "x {{ if defect.severity == 'high' }}a{{ end }}")),
        new("same-name", "default.sbn:1:1", folder => folder.File("Default.sbn", "x").File("default.sbn", "y")),
        new("never-matches", "Routes:0:ProjectCodes:1",
            folder => folder.Route("""{ "To": ["lobby"], "ProjectCodes": ["WEB", "(WEB|SHOP)"] }""")),
        new("render-error", "slack/default.json.sbn:3:12",
            folder => folder.File("slack/default.json.sbn", "[\n{ \"type\": \"divider\" },\n { \"type\": \"{{ event.name }}\" } ]")),
        new("renders-nothing", "slack/default.json.sbn",
            folder => folder.File("slack/default.json.sbn", "{{ if payload.nothing }}[]{{ end }}")),
        new("unfinished", "templates", folder => folder.File("default.sbn", "x")),
    ];
}
