using System.Text.Json;
using System.Text.Json.Nodes;
using DefectNotifier.Worker.Commands.Setup;

namespace DefectNotifier.Tests.Commands.Setup;

/// <summary>Values are inserted into the text of settings, and the rest stays as it is.</summary>
public sealed class SettingsTextTests
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    [Fact]
    public void Add_CommentsAndOwnFormat_StayAsTheyAre()
    {
        var text = Edited(
            """
            // Ours.
            {
                "Destinations": {
                    "web": { "Type": "sandbox" } // the web team { not a bracket
                    // more to come, soon
                },
                "Routes": [ // in order
                    // the web team's "projects",
                    { "ProjectCodes": [ "WEB" ], "To": [ "web" ] }, // first
                    /* everything else */
                    { "To": [ "web" ] }
                ]
            }
            """,
            routeIndex: 1);

        Assert.Equal(
            """
            // Ours.
            {
                "Destinations": {
                    "web": { "Type": "sandbox" }, // the web team { not a bracket
                    // more to come, soon
                    "new": {
                      "Type": "teams"
                    }
                },
                "Routes": [ // in order
                    // the web team's "projects",
                    { "ProjectCodes": [ "WEB" ], "To": [ "web" ] }, // first
                    {
                      "To": [ "new" ]
                    },
                    /* everything else */
                    { "To": [ "web" ] }
                ]
            }
            """,
            text);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \"Routes\": [] }")]
    [InlineData("{\n  // nothing yet\n}")]
    [InlineData("{\r\n  \"destinations\": {\r\n  },\r\n  \"routes\": [\r\n  ],\r\n}\r\n")]
    [InlineData("{ \"Destinations\": {\"a\": {},}, \"Routes\": [{\"To\": [\"a\"]} ,  ] /* end */ }")]
    [InlineData("{\"Destinations\":{\"\u00fc\ud83d\ude00\":{\"Channel\":\"\u00e4 // no comment\"}},\"Routes\":[1,[2],{}]}")]
    public void Add_AnyLayout_AddsOnlyTheNewValues(string before)
    {
        foreach (var index in (int[])[0, 1, 99])
        {
            var expected = JsonNode.Parse(before, documentOptions: Lenient)!.AsObject();
            Section(expected, "Destinations", new JsonObject()).AsObject().Add("new", Parse(Destination));
            var routes = Section(expected, "Routes", new JsonArray()).AsArray();
            routes.Insert(Math.Min(index, routes.Count), Parse(Route));

            var text = Edited(before, index);

            Assert.Equal(expected.ToJsonString(), Parse(text).ToJsonString());
            Assert.Equal(before.Contains("\r\n", StringComparison.Ordinal), text.Contains("\r\n", StringComparison.Ordinal));
        }
    }

    private const string Destination = "{\n  \"Type\": \"teams\"\n}";
    private const string Route = "{\n  \"To\": [ \"new\" ]\n}";

    private static JsonNode Parse(string text) => JsonNode.Parse(text, documentOptions: Lenient)!;

    private static JsonNode Section(JsonObject root, string name, JsonNode empty)
    {
        var key = root.Select(pair => pair.Key).FirstOrDefault(key => string.Equals(key, name, StringComparison.OrdinalIgnoreCase));
        if (key is null) root.Add(key = name, empty);
        return root[key]!;
    }

    private static string Edited(string before, int routeIndex)
    {
        var text = new SettingsText(before);
        text.AddMember("Destinations", "new", Destination);
        text.AddEntry("Routes", routeIndex, Route);
        return text.Text;
    }
}
