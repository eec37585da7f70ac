using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DefectNotifier.Events;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Events;

public sealed class DedupKeyPropertyTests
{
    private static readonly string[] Samples = [.. Payloads.Names];

    // Few different values, so that two of them are often equal. Fractions are the only numbers that can be written in two ways.
    private static readonly Gen<string> Leaf =
        Gen.OneOf("null", "true", "1", "1.0", "-1", "11", "\"\"", "\"1\"", "\"a\"", "\"\\u0061\"", "\"é\"", "{}", "[]");

    private static readonly Gen<string> AnyObject =
        ObjectOf(Gen.OneOf(Leaf, ArrayOf(Leaf), ObjectOf(Gen.OneOf(Leaf, ArrayOf(Leaf), ObjectOf(Leaf)))));

    [Fact]
    public void Of_AnyTwoPayloads_SameKeyOnlyForTheSameValues() => Gen.Select(AnyObject, AnyObject).Sample(
        (left, right) => Assert.Equal(
            JsonElement.DeepEquals(JsonElement.Parse(left), JsonElement.Parse(right)),
            KeyOf(JsonElement.Parse(left)) == KeyOf(JsonElement.Parse(right))),
        iter: PropertyCases.Of(20_000));

    [Fact]
    public void Of_PayloadWithOtherOrderWhitespaceAndEscapes_SameKey() =>
        Gen.Select(AnyObject, Gen.OneOf(Samples), Gen.Int, Gen.String).Sample(
        (payload, sample, seed, text) =>
        {
            JsonElement[] elements = [JsonElement.Parse(payload), PayloadOf(sample), JsonSerializer.SerializeToElement(new { text })];
            foreach (var element in elements)
            {
                var rewritten = new StringBuilder();
                Rewrite(element, rewritten, new Random(seed));
                Assert.Equal(KeyOf(element), KeyOf(JsonElement.Parse(rewritten.ToString())));
            }
        },
        iter: PropertyCases.Of(2_000));

    [Fact]
    public void Of_PayloadWithOneChange_OtherKey() => Gen.Select(Gen.OneOf(Samples), AnyObject, Gen.Bool, Gen.Int[0, 1_000]).Sample(
        (sample, payload, isSample, which) =>
        {
            var element = isSample ? PayloadOf(sample) : JsonElement.Parse(payload);
            var root = JsonNode.Parse(element.GetRawText())!;
            var changes = Changes(root).ToList();

            changes[which % changes.Count]();

            Assert.NotEqual(KeyOf(element), KeyOf(JsonElement.Parse(root.ToJsonString())));
        },
        iter: PropertyCases.Of(3_000));

    [Fact]
    public void Of_AnyTwoEvents_SameKeyOnlyForTheSameParts()
    {
        var part = Gen.OneOf("", "A", "B", "AB", "\0", "\u0001A");
        var number = Gen.Long[0, 2].Select(value => value == 0 ? (long?)null : value);
        var parts = Gen.Select(part, part, part, number, number);

        Gen.Select(parts, parts).Sample(
            (left, right) => Assert.Equal(left == right, KeyOf(EventOf(left)) == KeyOf(EventOf(right))),
            iter: PropertyCases.Of(20_000));

        static DefectEvent EventOf((string Source, string Project, string Name, long? Id, long? Second) of) => Some.DefectEvent with
        {
            Source = of.Source,
            ProjectCode = of.Project,
            Name = of.Name,
            SubjectId = of.Id,
            OccurredAt = of.Second is { } second ? DateTimeOffset.FromUnixTimeSeconds(second) : null,
        };
    }

    private static Gen<string> ArrayOf(Gen<string> item) => item.Array[0, 3].Select(items => $"[{string.Join(',', items)}]");

    private static Gen<string> ObjectOf(Gen<string> value) =>
        Gen.Select(Gen.OneOf("", "a", "A", "b", "é"), value).Array[0, 3].Select(members =>
        $"{{{string.Join(',', members.DistinctBy(member => member.Item1).Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");

    private static JsonElement PayloadOf(string sample) => WebhookParser.Parse(Payloads.Read(sample), "").Event!.Payload;

    /// <summary>Writes the same value with random member order, whitespace and escapes.</summary>
    private static void Rewrite(JsonElement value, StringBuilder to, Random random)
    {
        Space();
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject().ToArray();
                random.Shuffle(members);
                to.Append('{');
                foreach (var member in members)
                {
                    if (member.Name != members[0].Name) to.Append(',');
                    Space();
                    Escape(member.Name);
                    Space();
                    to.Append(':');
                    Rewrite(member.Value, to, random);
                }

                to.Append('}');
                break;
            case JsonValueKind.Array:
                to.Append('[');
                for (var i = 0; i < value.GetArrayLength(); i++)
                {
                    if (i > 0) to.Append(',');
                    Rewrite(value[i], to, random);
                }

                to.Append(']');
                break;
            case JsonValueKind.String:
                Escape(value.GetString()!);
                break;
            default:
                to.Append(value.GetRawText());
                break;
        }

        Space();

        void Space() => to.Append(random.GetItems<char>(" \t\r\n", random.Next(3)));

        void Escape(string text)
        {
            to.Append('"');
            foreach (var character in text)
            {
                if (char.IsAsciiLetterOrDigit(character) && random.Next(2) == 0) to.Append(character);
                else to.Append($"\\u{(int)character:x4}");
            }

            to.Append('"');
        }
    }

    /// <summary>All ways to change one value in it, or to remove one.</summary>
    private static IEnumerable<Action> Changes(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                yield return () => members.Add("a new member", null);
                foreach (var (name, value) in members.ToList())
                {
                    yield return () => members[name] = Another(value);
                    yield return () => members.Remove(name);
                    if (value is null) continue;
                    foreach (var change in Changes(value)) yield return change;
                }

                break;
            case JsonArray items:
                yield return () => items.Add(null);
                for (var i = 0; i < items.Count; i++)
                {
                    var at = i;
                    yield return () => items[at] = Another(items[at]);
                    yield return () => items.RemoveAt(at);
                    if (items[i] is not { } item) continue;
                    foreach (var change in Changes(item)) yield return change;
                }

                break;
        }
    }

    private static JsonNode? Another(JsonNode? value) => value?.GetValueKind() switch
    {
        null => 0,
        JsonValueKind.String => value.GetValue<string>() + " ",
        JsonValueKind.Number => value.GetValue<decimal>() + 1,
        JsonValueKind.True => false,
        _ => null,
    };

    private static string KeyOf(JsonElement payload) => KeyOf(Some.DefectEvent with { Payload = payload });

    private static string KeyOf(DefectEvent defectEvent) => Convert.ToHexString(DedupKey.Of(defectEvent, Some.Moment).Span);
}
