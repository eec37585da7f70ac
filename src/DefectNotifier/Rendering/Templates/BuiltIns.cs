using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Markdown;
using DefectNotifier.Rendering.Values;
using Scriban.Functions;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The functions that templates can call: Scriban's own, except the clock, eval and everything that uses reflection, and our
/// helpers. All are read-only, so all runs share one object.
/// </summary>
internal static class BuiltIns
{
    // They search one text in another.
    private static readonly string[] Searches =
        ["string.index_of", "string.remove_first", "string.remove_last", "string.replace_first", "string.split"];

    public static ScriptObject Shared { get; } = Create();

    // Scriban finds these functions and members only by reflection, so a native executable would not contain them.
    [DynamicDependency(nameof(StringFunctions.IndexOf), typeof(StringFunctions))]
    [DynamicDependency(nameof(StringFunctions.Slice), typeof(StringFunctions))]
    [DynamicDependency(nameof(ObjectFunctions.HasKey), typeof(ObjectFunctions))]
    [DynamicDependency(nameof(ObjectFunctions.HasValue), typeof(ObjectFunctions))]
    [DynamicDependency(nameof(TimeSpanFunctions.Zero), typeof(TimeSpanFunctions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(TimeSpan))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(KeyValuePair<string, object>))]
    private static ScriptObject Create()
    {
        ScriptObject all = new BuiltinFunctions();
        // Scriban's "date" is an object that contains a clock; "html" writes markup that messages do not support.
        foreach (var name in (string[])["date", "html", "include_join"]) all.Remove(name);
        if (all["object"] is ScriptObject objects)
        {
            // eval would run text from Qase as a template; to_json and from_json need reflection.
            foreach (var name in (string[])["eval", "eval_template", "to_json", "from_json"]) objects.Remove(name);
        }

        foreach (var (name, group) in all)
        {
            if (group is ScriptObject functions) Guard(name, functions);
        }

        var patterns = (ScriptObject)all["regex"]!;
        foreach (var helper in RegexHelpers.All) patterns.SetValue(helper.Name, helper, readOnly: true);

        Add("severity_emoji", DelegateCustomFunction.CreateFunc<object?, string>(
            value => SeverityStyle.Emoji(Severity.Parse(value?.ToString()))));
        Add("severity_label", DelegateCustomFunction.CreateFunc<object?, string>(
            value => (Severity.Parse(value?.ToString()) ?? Severity.Undefined).Label));
        Add("truncate", DelegateCustomFunction.CreateFunc<object?, int, string>(
            (value, length) => Graphemes.Truncate(value?.ToString() ?? "", length)));
        Add("plural", DelegateCustomFunction.CreateFunc<object?, string, string, string>(
            (count, one, many) => count?.ToString() == "1" ? one : many));
        Add("json", DelegateCustomFunction.CreateFunc<object?, TemplateValue>(
            value => new TemplateValue(TextCleaning.Clean(JsonText.Of(value))) { Data = value }));
        AddFunction(new TemplateFunction("severity_colour", 1, ["severity"], (context, _, arguments) =>
            SeverityStyle.Colour(Severity.Parse(arguments[0]?.ToString()), context.Run.Platform)));
        AddFunction(new TemplateFunction("date", 1, ["time", "format", "zone"], Date));
        AddFunction(new TemplateFunction("link", 1, ["url", "text"], Link));
        AddFunction(new TemplateFunction("mention", 1, ["name"], Mention));
        AddFunction(new TemplateFunction("markdown", 1, ["text"], Markdown));
        AddFunction(new TemplateFunction("fold", 2, ["text", "lines", "url"], Fold));
        AddFunction(new TemplateFunction("facts", 1, ["name"], DefectFacts.Of) { VarParamKind = ScriptVarParamKind.Direct });
        // include '_footer': the included template sees more arguments as $1, $2, ...
        AddFunction(new TemplateFunction("include", 0, ["template_name"], (context, span, arguments) => context.Include(span, arguments))
        {
            VarParamKind = ScriptVarParamKind.Direct,
        });
        MakeReadOnly(all);
        return all;

        void AddFunction(TemplateFunction function) => Add(function.Name, function);
        void Add(string name, IScriptCustomFunction function) =>
            all.SetValue(name, function is TemplateFunction ? function : new GuardedFunction(function), readOnly: true);
        static void MakeReadOnly(ScriptObject group)
        {
            foreach (var member in group.Values.OfType<ScriptObject>().ToList()) MakeReadOnly(member);
            group.IsReadOnly = true;
        }
    }

    private static void Guard(string group, ScriptObject functions)
    {
        foreach (var (name, member) in functions.ToList())
        {
            if (member is IScriptCustomFunction function)
                functions.SetValue(name, new GuardedFunction(function, Searches.Contains($"{group}.{name}")), readOnly: true);
        }
    }

    // time | date: shown in the reader's time zone where the platform supports it.
    // time | date 'yyyy-MM-dd' and time | date 'HH:mm' 'Europe/Berlin': text in the configured or the given time zone.
    private static object? Date(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (TimeOf(arguments[0]) is not { } time) return arguments[0];
        var format = TextOf(arguments, 1);
        var zoneId = TextOf(arguments, 2);
        if (format is null && zoneId is null) return TemplateValue.Of(time, context.Run.TimeZone);
        var zone = context.Run.TimeZone;
        if (zoneId is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out zone))
            throw new ScriptRuntimeException(span, $"'{zoneId}' is not a time zone; use a name like 'Europe/Berlin' or 'UTC'.");
        try
        {
            return TimeText.Date(time, zone, format);
        }
        catch (FormatException error)
        {
            throw new ScriptRuntimeException(span, $"'{format}' is not a date format; use one like 'yyyy-MM-dd HH:mm'.", error);
        }
    }

    // Also the forms in which a payload has times: ISO 8601, and unix seconds.
    private static DateTimeOffset? TimeOf(object? value) => value switch
    {
        DateTimeOffset time => time,
        long seconds and > 1_000_000_000 and < 100_000_000_000 => DateTimeOffset.FromUnixTimeSeconds(seconds),
        string text when JsonFields.FromIso(text) is { } time => time,
        _ => null,
    };

    // link url 'text': for an unsafe address only the text is shown; without a text the address is shown.
    private static object Link(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        var address = TextOf(arguments, 0);
        var isSafe = SafeUrl.TryCreate(address, out var url);
        var text = TextCleaning.Clean(TextOf(arguments, 1) ?? (isSafe ? url : address) ?? "").Replace('\n', ' ');
        return TemplateValue.Of(new MessageInline(text) { Url = url });
    }

    // payload.comment | markdown: emphasis, code, links and lists of the value are shown; mentions and images are not.
    private static object? Markdown(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (TextOf(arguments, 0) is not { } text) return null;
        var pieces = ValueMarkdown.Read(TextCleaning.Clean(text));
        return new TemplateValue(string.Concat(pieces.Select(piece => piece.Text))) { Formatted = pieces };
    }

    // text | fold 12 url: the first lines, and a link to the rest. Markup stays.
    private static object? Fold(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (arguments[0] is not TemplateValue value)
        {
            if (TextOf(arguments, 0) is not { } text) return null;
            value = new TemplateValue(TextCleaning.Clean(text));
        }

        if (!int.TryParse(arguments[1]?.ToString(), out var lines) || lines < 1)
            throw new ScriptRuntimeException(span, $"fold needs a number of lines, for example fold 12; '{arguments[1]}' is none.");
        var pieces = TextFold.Of(value.Inlines, lines, SafeUrl.TryCreate(TextOf(arguments, 2), out var url) ? url : null);
        return new TemplateValue(string.Concat(pieces.Select(piece => piece.Text))) { Formatted = pieces };
    }

    // mention 'qa-lead': notifies the person or group of that name in the settings; an unknown name is shown as @name, with a warning.
    private static object? Mention(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (TextOf(arguments, 0) is not { } name) return null;
        if (context.Run.Options.Mentions.TryGetValue(name, out var known))
        {
            if (context.Run.Platform.IdOf(known) is null)
            {
                context.Run.Warn(
                    span, $"mention '{name}': Templates:Mentions:{name} has no {context.Run.Platform} entry, so no one is notified there.");
            }

            return TemplateValue.Of(new MessageInline("@" + known.Name) { Mention = context.Run.MayNotify ? known : null });
        }

        context.Run.Warn(span, $"mention '{name}': Templates:Mentions has no '{name}', so no one is notified.");
        return TemplateValue.Of(new MessageInline("@" + TextCleaning.Clean(name).Replace('\n', ' ')));
    }

    /// <summary>The text of an argument; null when it is missing or shows nothing.</summary>
    private static string? TextOf(ScriptArray arguments, int index) =>
        index < arguments.Count && arguments[index]?.ToString() is { } text && VisibleText.IsIn(text) ? text : null;
}
