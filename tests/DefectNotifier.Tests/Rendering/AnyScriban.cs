using CsCheck;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Random programs that follow the grammar of Scriban: most of them parse, many of them fail or exceed a limit.</summary>
internal static class AnyScriban
{
    private const int Depth = 3;

    private static readonly Gen<string> Name = AnyTemplate.OneOf(
        "defect.title", "defect.title", "defect.actual_result", "defect.severity", "defect.attachments", "defect.history",
            "defect.opened_at", "defect.url", "defect", "event.time", "event.name", "project.code", "actor.name", "payload", "payload.x",
            "payload.list",
        "a", "b", "c", "$0", "$", "this", "for.index", "empty", "defect.nosuch", "nosuch", "string", "math");

    private static readonly Gen<string> Literal = Gen.OneOf(
        AnyTemplate.OneOf("0", "1", "-1", "2", "3.5", "1e308", "9223372036854775807", "100000", "true", "false", "null", "''", "'a'",
            "'*b*'", "\"c\\n\"", "`d`", "'<!channel>'", "'https://ok.example/'", "'(a+)+$'", "'%d.%m'", "'yyyy'", "'{0}'", "[]", "{}"),
        Gen.Int[-5, 2_000].Select(number => number.ToString()));

    private static readonly Gen<string> Function = AnyTemplate.OneOf(
        "string.upcase", "string.split", "string.replace", "string.slice", "string.pad_left", "string.truncate", "string.contains",
            "string.handleize", "string.to_int", "string.literal", "string.escape", "string.base64_decode", "string.sha1",
        "array.join", "array.sort", "array.add", "array.concat", "array.map", "array.reverse", "array.uniq", "array.size", "array.first",
            "array.insert_at", "array.each", "array.filter", "array.limit", "array.any",
        "math.abs", "math.divided_by", "math.times", "math.plus", "math.format", "math.round", "math.modulo", "math.is_number",
            "math.uuid", "math.random",
        "regex.match", "regex.matches", "regex.replace", "regex.split", "regex.escape", "object.keys", "object.values", "object.size",
            "object.typeof", "object.default", "object.format", "object.to_json", "object.from_json", "object.eval",
        "html.escape", "html.strip", "html.url_encode", "timespan.from_days", "date", "date.now", "date.parse", "severity_emoji",
            "severity_label", "severity_colour", "truncate", "plural", "link", "mention", "markdown", "json", "include", "f", "nosuch");

    private static readonly Gen<string> Operator =
        AnyTemplate.OneOf("+", "-", "*", "/", "//", "%", "==", "!=", "<", ">=", "&&", "||", "??", "..", "..<", "<<", ">>", "|");

    private static readonly Gen<string> Expression = Of(Depth);

    private static readonly Gen<string> Text =
        AnyTemplate.OneOf("text ", "# ", "\n\n", "**", "*", "\n- ", "[", "](", ")", "`", "\n> ", "\n| a | ", " | b |\n", "\n---\n", "<",
        ">", "![", "\n```\n", "\"", "{", "}", "https://ok.example/");

    /// <summary>A complete template.</summary>
    public static readonly Gen<string> Any = Body(Depth);

    private static Gen<string> Of(int depth) => depth == 0
        ? Gen.OneOf(Name, Name, Literal)
        : Gen.Select(Gen.Int[0, 13], Of(depth - 1), Of(depth - 1), Function, Operator, Name)
            .Select((kind, one, other, function, symbol, name) => kind switch
        {
            0 or 1 => name,
            2 => one,
            3 => $"({one}) {symbol} ({other})",
            4 or 5 => $"{one} | {function}",
            6 => $"{one} | {function} ({other})",
            7 => $"{function} ({one}) ({other})",
            8 => $"[{one}, {other}]",
            9 => $"{{ x: {one}, y: {other} }}",
            10 => $"({one}) ? ({other}) : {name}",
            11 => $"({one})[{other}]",
            12 => $"(do; ret {one}; end)",
            _ => $"{one} | {function} @{function}",
        });

    private static Gen<string> Body(int depth) =>
        (depth == 0 ? Leaf() : Gen.OneOf(Leaf(), Nested(depth))).Array[1, 4].Select(string.Concat);

    private static Gen<string> Leaf() => Gen.Select(Gen.Int[0, 13], Expression, Text).Select((kind, expression, text) => kind switch
    {
        0 or 1 or 2 or 3 => text,
        4 => $"{{{{ a = {expression} }}}}",
        5 => $"{{{{ b = a + {expression} }}}}",
        6 => $"{{{{~ {expression} ~}}}}",
        7 => $"{{{{- {expression} -}}}}",
        8 => $"{{{{ include '_piece' {expression} }}}}",
        9 => $"{{{{ ret {expression} }}}}",
        10 => "{{ break }}",
        11 => "{%{ {{ raw }} }%}",
        _ => $"{{{{ {expression} }}}}",
    });

    private static Gen<string> Nested(int depth) =>
        Gen.Select(Gen.Int[0, 12], Expression, Body(depth - 1), Body(depth - 1)).Select((kind, expression, body, other) => kind switch
    {
        0 => $"{{{{ if {expression} }}}}{body}{{{{ else }}}}{other}{{{{ end }}}}",
        1 => $"{{{{ for c in {expression} }}}}{body}{{{{ else }}}}{other}{{{{ end }}}}",
        2 => $"{{{{ for c in 1..{expression} limit:5 }}}}{body}{{{{ end }}}}",
        3 => $"{{{{ while {expression} }}}}{body}{{{{ end }}}}",
        4 => $"{{{{ case {expression} }}}}{{{{ when 1, 'a' }}}}{body}{{{{ else }}}}{other}{{{{ end }}}}",
        5 => $"{{{{ capture b }}}}{body}{{{{ end }}}}{{{{ b }}}}",
        6 => $"{{{{ func f(x) }}}}{body}{{{{ end }}}}{{{{ f {expression} }}}}",
        7 => $"{{{{ func f }}}}{body}{{{{ f }}}}{{{{ end }}}}{{{{ f }}}}",
        8 => $"{{{{ with {expression} }}}}{body}{{{{ end }}}}",
        9 => $"{{{{ tablerow c in {expression} }}}}{body}{{{{ end }}}}",
        10 => $"{{{{ wrap f {expression} }}}}{body}{{{{ end }}}}",
        11 => $"{{{{ c = {{}}; c.x = c; {expression}; import c }}}}{body}",
        _ => $"{{{{ if {expression} }}}}{body}{{{{ end }}}}",
    });
}
