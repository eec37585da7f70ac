using DefectNotifier.FunctionalTests.Harness;

namespace DefectNotifier.FunctionalTests;

/// <summary>
/// Template helpers are found by reflection. They must exist in the deployed executable, which contains only code that the compiler was
/// configured to keep.
/// </summary>
public sealed class TemplateHelperTests
{
    private const string Webhook =
        """
        {"event_name":"run.completed","timestamp":1767604500,"team_member_id":1,"project_code":"DEMO",
         "payload":{"id":533,"comment":"hi","list":[1,2],"obj":{"a":1},"yes":true}}
        """;

    [Theory]
    [InlineData("string | object.keys | array.size", "47")]
    [InlineData("array | object.keys | array.size", "21")]
    [InlineData("math | object.keys | array.size", "13")]
    [InlineData("object | object.keys | array.size", "9")]
    [InlineData("regex | object.keys | array.size", "6")]
    [InlineData("timespan | object.keys | array.size", "7")]
    [InlineData(
        "for field in payload; field.key + '=' + (field.value | object.typeof) + ' '; end",
        "id=number comment=string list=array obj=object yes=boolean")]
    [InlineData(
        "for i in 1..2; for.index + ' ' + for.first + ' ' + for.last + ' ' + for.rindex + ' ' + for.length + ' '; end",
        "0 true false 1 2 1 false true 0 2")]
    [InlineData("('abc' | string.slice 1) + ('abc' | string.index_of 'c') + 'abc'.size + 'abc'[1] + ('x' | string.pad_left 2)", "bc23b x")]
    [InlineData("(payload | object.has_key 'id') + ' ' + (payload | object.has_value 'none') + ' ' + timespan.zero", "true false 00:00:00")]
    [InlineData("(timespan.from_hours 26).days + ' ' + (timespan.from_minutes 5).total_seconds", "1 300")]
    [InlineData(
        "(['a', 'b'] | array.each @string.upcase | array.join ',') + ([{v: 1}, {v: 2}] | array.map 'v' | array.join '+')", "A,B1+2")]
    public async Task Render_Helper_Exists(string code, string expected)
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("own"));
        await File.WriteAllTextAsync(folder.File("own/default.sbn"), "{{ " + code + " }}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(folder.File("webhook.json"), Webhook, TestContext.Current.CancellationToken);

        var (exitCode, output) = await WorkerCommand.RunAsync(
            folder.Path, "render", "--event", folder.File("webhook.json"), "--templates", folder.File("own"), "--platform", "slack");

        Assert.True(exitCode == 0, output.All);
        // The first line names the chat.
        Assert.Equal(expected, output.Standard.Split('\n')[1].Trim());
    }
}
