using DefectNotifier.Routing;
using DefectNotifier.Worker.Settings;
using static System.DayOfWeek;

namespace DefectNotifier.Tests.Settings;

public sealed class QuietHoursReaderTests : IDisposable
{
    private const string Night = """ "From": "22:00", "To": "07:00" """;

    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_Nothing_HasNoQuietHours() =>
        Assert.Empty(_folder.Read("""{ "Destinations": { "web": { "Type": "sandbox" } }, "Routes": [ { "To": "web" } ] }""")
            .Routes[0].QuietHours);

    [Fact]
    public void Read_OnlyTimes_IsEveryDayInUtcExceptBlockers() => Assert.Equivalent(
        new QuietHoursOptions { From = new TimeOnly(22, 0), To = new TimeOnly(7, 0), Days = [], TimeZone = null, Except = ["blocker"] },
        Assert.Single(Read($"[ {{ {Night} }} ]")),
        strict: true);

    [Fact]
    public void Read_SeveralEntries_AreAsWritten()
    {
        var entries = Read(
            """
            [
              { "Days": [ "Mon-Thu", "sunday" ], "From": "9:30", "To": "00:00", "TimeZone": "Europe/Berlin", "Except": [ "Critical", 1 ] },
              { "Days": "Fri - Mon", "From": "00:00", "To": "00:00", "Except": [] }
            ]
            """);

        Assert.Equivalent(
            new QuietHoursOptions[]
            {
                new()
                {
                    Days = [Monday, Tuesday, Wednesday, Thursday, Sunday],
                    From = new TimeOnly(9, 30),
                    To = default,
                    TimeZone = "Europe/Berlin",
                    Except = ["critical", "blocker"],
                },
                new() { Days = [Monday, Friday, Saturday, Sunday], From = default, To = default, Except = [] },
            },
            entries,
            strict: true);
    }

    [Theory]
    [InlineData("Mon", Monday)]
    [InlineData("TUES", Tuesday)]
    [InlineData("Wednesday", Wednesday)]
    [InlineData("thu-thu", Thursday)]
    public void Read_Day_InAnyUsualForm(string text, DayOfWeek day) =>
        Assert.Equal([day], Assert.Single(Read($$"""[ { "Days": "{{text}}", {{Night}} } ]""")).Days);

    [Theory]
    [InlineData(""" "Days": [ "Mon", "Modnay" ], """, "Days:1: 'Modnay' is not a day;", "Did you mean 'Monday'?")]
    [InlineData(""" "Days": "Mo", """, "Days:0: 'Mo' is not a day;", "Did you mean 'Mon'?")]
    [InlineData(""" "Days": "Mon-Fry", """, "Days:0: 'Mon-Fry' is not a day;", "Did you mean 'Fri'?")]
    [InlineData(""" "Days": "Mon-Tue-Wed", """, "Days:0: 'Mon-Tue-Wed' is not a day;", "")]
    [InlineData(""" "Days": "Mon, Tue", """, "Days:0: 'Mon, Tue' is not a day;", "several as a list")]
    [InlineData(""" "Days": "", """, "Days: is empty; leave it out for every day.", "")]
    [InlineData(""" "Days": [], """, "Days: is empty; leave it out for every day.", "")]
    [InlineData(""" "TimeZone": "Europe/Berlni", """, "TimeZone: 'Europe/Berlni' is not a time zone", "Did you mean 'Europe/Berlin'?")]
    [InlineData(""" "Except": [ "minor", "bloker" ], """, "Except:1: 'bloker' is not one of undefined,", "Did you mean 'blocker'?")]
    [InlineData(""" "Zone": "UTC", """, "Zone: is not a setting.", "")]
    public void Read_WrongValue_IsAnErrorWithItsPath(string key, string error, string suggestion)
    {
        var found = Error($"[ {{ {key} {Night} }} ]");

        Assert.StartsWith($"Routes:0:QuietHours:0:{error}", found, StringComparison.Ordinal);
        Assert.Contains(suggestion, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "From": "22:00" """, "To: is missing; expected 00:00 to 23:59.")]
    [InlineData(""" "To": "22:00" """, "From: is missing; expected 00:00 to 23:59.")]
    [InlineData(""" "From": "18:00", "To": "24:00" """, "To: '24:00' is not a time of day; expected 00:00 to 23:59.")]
    [InlineData(""" "From": "10pm", "To": "07:00" """, "From: '10pm' is not a time of day; expected 00:00 to 23:59.")]
    [InlineData(""" "From": "22:00:30", "To": "07:00" """, "From: '22:00:30' is not a time of day; expected 00:00 to 23:59.")]
    public void Read_WrongTime_IsAnError(string times, string error) =>
        Assert.Equal($"Routes:0:QuietHours:0:{error}", Error($"[ {{ {times} }} ]"));

    [Theory]
    [InlineData("{ \"From\": \"22:00\", \"To\": \"07:00\" }", "is not a list; write [ { \"From\": \"22:00\", \"To\": \"07:00\" } ].")]
    [InlineData("\"22:00-07:00\"", "is a single value; expected a list of entries with From and To.")]
    public void Read_NoList_IsAnError(string json, string error) => Assert.Equal($"Routes:0:QuietHours: {error}", Error(json));

    [Fact]
    public void Read_SeveralErrors_AreReportedTogether() => Assert.Equal(
        ["Days", "From", "To", "TimeZone", "Except"],
        Errors("""[ { "Days": "x", "From": "x", "To": "x", "TimeZone": "x", "Except": "x" } ]""").Select(error => error.Split(':')[4]));

    [Fact]
    public void Read_DaysInALaterSource_ReplaceTheList()
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Json($$"""[ { "Days": [ "Mon", "Tue" ], {{Night}} } ]""")));
        var file = SettingsSources.Parse(json).Values().Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value));

        var settings = _folder.Read(SettingsNode.From(file, [KeyValuePair.Create("Routes:0:QuietHours:0:Days:0", (string?)"Sat")]));

        var entry = Assert.Single(settings.Routes[0].QuietHours);
        Assert.Equal([Saturday], entry.Days);
        Assert.Equal(new TimeOnly(22, 0), entry.From);
    }

    private static string Json(string quietHours) =>
        $$"""{ "Destinations": { "web": { "Type": "sandbox" } }, "Routes": [ { "To": "web", "QuietHours": {{quietHours}} } ] }""";

    private IReadOnlyList<QuietHoursOptions> Read(string quietHours) => _folder.Read(Json(quietHours)).Routes[0].QuietHours;

    private IReadOnlyList<string> Errors(string quietHours) => _folder.Errors(Json(quietHours));

    private string Error(string quietHours) => Assert.Single(Errors(quietHours));
}
