using System.Diagnostics.CodeAnalysis;
using DefectNotifier.Events;
using DefectNotifier.Rendering.Values;
using Scriban.Functions;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary>
/// The functions that templates may call: Scriban's own without clock, eval and anything that reads by reflection, plus ours. Read-only
/// through and through, so one object serves every rendering.
/// </summary>
internal static class BuiltIns
{
    public static ScriptObject Shared { get; } = Create();

    // Scriban finds these functions, and what may be asked of the values that templates meet, by reflection alone: a native executable would leave them out.
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
        // Scriban's "date" is an object with a clock in it; ours is a function. html writes markup that we do not have.
        foreach (var name in (string[])["date", "html", "include_join"]) all.Remove(name);
        if (all["object"] is ScriptObject objects)
        {
            // eval would run text from Qase as a template; to_json and from_json need reflection.
            foreach (var name in (string[])["eval", "eval_template", "to_json", "from_json"]) objects.Remove(name);
        }

        Add(all, "include", new IncludeFunction());
        Add(all, "severity_emoji", DelegateCustomFunction.CreateFunc<object?, string>(value => SeverityStyle.Emoji(Severity.Parse(value?.ToString()))));
        Add(all, "severity_label", DelegateCustomFunction.CreateFunc<object?, string>(value => (Severity.Parse(value?.ToString()) ?? Severity.Undefined).Label));
        Add(all, "truncate", DelegateCustomFunction.CreateFunc<object?, int, string>((value, length) => Graphemes.Truncate(value?.ToString() ?? "", length)));
        Add(all, "plural", DelegateCustomFunction.CreateFunc<object?, string, string, string>((count, one, many) => count?.ToString() == "1" ? one : many));
        Add(all, "json", DelegateCustomFunction.CreateFunc<object?, TemplateValue>(value => new TemplateValue(TextCleaning.Clean(JsonText.Of(value))) { Data = value }));
        Add(all, "severity_colour", new SeverityColourFunction());
        Add(all, "date", new DateFunction());
        Add(all, "link", new LinkFunction());
        Add(all, "mention", new MentionFunction());
        Add(all, "markdown", new MarkdownFunction());
        MakeReadOnly(all);
        return all;
    }

    private static void Add(ScriptObject all, string name, IScriptCustomFunction function) => all.SetValue(name, function, readOnly: true);

    private static void MakeReadOnly(ScriptObject group)
    {
        foreach (var member in group.Values.OfType<ScriptObject>().ToList()) MakeReadOnly(member);
        group.IsReadOnly = true;
    }
}
