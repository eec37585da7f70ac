using System.Text.Json;
using System.Text.Json.Nodes;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Checks a response against a schema of an OpenAPI document: types, required members, and no other members.</summary>
internal sealed class SchemaChecker(JsonNode document)
{
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Check(JsonNode? value, JsonNode schema)
    {
        _errors.Clear();
        Check(value, schema.AsObject(), "$");
        return [.. _errors];
    }

    private void Check(JsonNode? value, JsonObject schema, string path)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Check(value, Resolve(reference), path);
            return;
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            if (choices.All(
                choice => new SchemaChecker(document).Check(value, choice!).Count > 0)) _errors.Add($"{path} matches no choice");
            return;
        }

        if (!HasType(value, schema["type"])) _errors.Add($"{path} is {value?.GetValueKind() ?? JsonValueKind.Null}, not {schema["type"]}");
        if (value is JsonObject map) CheckMembers(map, schema, path);
        if (value is not JsonArray list || schema["items"] is not JsonObject items) return;
        for (var i = 0; i < list.Count; i++) Check(list[i], items, $"{path}[{i}]");
    }

    private void CheckMembers(JsonObject map, JsonObject schema, string path)
    {
        var known = schema["properties"] as JsonObject;
        foreach (var name in schema["required"]?.AsArray() ?? [])
        {
            if (!map.ContainsKey((string)name!)) _errors.Add($"{path}.{name} is missing");
        }

        foreach (var (name, member) in map)
        {
            if (known?[name] is JsonObject property) Check(member, property, $"{path}.{name}");
            else if (schema["additionalProperties"] is JsonObject any) Check(member, any, $"{path}.{name}");
            else if (known is not null) _errors.Add($"{path}.{name} is not described");
        }
    }

    private static bool HasType(JsonNode? value, JsonNode? type)
    {
        string[] types = type switch { null => [], JsonArray several => [.. several.Select(one => (string)one!)], _ => [(string)type!] };
        var found = value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => value.AsValue().TryGetValue<long>(out _) ? "integer" : "number",
        };
        return types.Length == 0 || types.Contains(found) || (found == "integer" && types.Contains("number"));
    }

    private JsonObject Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (node, part) => node[part]!).AsObject();
}
