using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Events;
using Scriban.Functions;
using Scriban.Runtime;

namespace DefectNotifier.Rendering;

/// <summary>
/// The functions that templates may call: Scriban's own without clock, eval and anything that reads by reflection, plus ours. Read-only
/// through and through, so one object serves every rendering.
/// </summary>
internal static class BuiltIns
{
    private static readonly JsonWriterOptions RelaxedJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ScriptObject Shared { get; } = Create();

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

        all.SetValue("include", new IncludeTemplate(), readOnly: true);
        Add(all, "severity_emoji", DelegateCustomFunction.CreateFunc<object?, string>(value => SeverityLooks.Emoji(Severity.Parse(value?.ToString()))));
        Add(all, "severity_label", DelegateCustomFunction.CreateFunc<object?, string>(value => (Severity.Parse(value?.ToString()) ?? Severity.Undefined).Label));
        Add(all, "truncate", DelegateCustomFunction.CreateFunc<object?, int, string>((value, length) => Graphemes.Truncate(value?.ToString() ?? "", length)));
        Add(all, "plural", DelegateCustomFunction.CreateFunc<object?, string, string, string>((count, one, many) => count?.ToString() == "1" ? one : many));
        Add(all, "json", DelegateCustomFunction.CreateFunc<object?, string>(Json));
        all.SetValue("date", new DateFunction(), readOnly: true);
        MakeReadOnly(all);
        return all;
    }

    private static void Add(ScriptObject all, string name, DelegateCustomFunction function) => all.SetValue(name, function, readOnly: true);

    private static void MakeReadOnly(ScriptObject group)
    {
        foreach (var member in group.Values.OfType<ScriptObject>().ToList()) MakeReadOnly(member);
        group.IsReadOnly = true;
    }

    private static string Json(object? value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, RelaxedJson)) Write(writer, value);
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long or int or double or decimal:
                writer.WriteNumberValue(Convert.ToDecimal(value));
                break;
            case ScriptArray items:
                writer.WriteStartArray();
                foreach (var item in items) Write(writer, item);
                writer.WriteEndArray();
                break;
            case ScriptObject map:
                writer.WriteStartObject();
                foreach (var (key, member) in map)
                {
                    writer.WritePropertyName(key);
                    Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }
}
