using System.Text;
using DefectNotifier.Enrichment;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Enrichment;

public sealed class NameSearchTests
{
    private static readonly QaseResponse NotFound = new(QaseOutcome.NotFound);

    private readonly NameSearch _search = new();
    private TimeSpan _now;

    [Fact]
    public void Heard_User_IsTheName()
    {
        Assert.Equal("user/418", Next(418).Path);

        Assert.Equal(new NameStep(null, "Rut <Olsen> & co"), Heard(418, Response(Payloads.ReadText("api/user-200.json"))));
    }

    [Fact]
    public void Heard_NoUser_IsLookedForAmongTheAuthors()
    {
        Assert.Equal("author?type=user&limit=100&offset=0", Heard(418, NotFound).Path);

        Assert.Equal(new NameStep(null, "Rut Olsen"), Heard(418, Response(Payloads.ReadText("api/authors-200.json"))));
    }

    [Theory]
    [InlineData(3)] // an app's
    [InlineData(9001)] // the author's own id
    [InlineData(7)]
    public void Heard_NotAmongTheAuthorsWhoAreUsers_IsUnknown(long id)
    {
        Heard(id, NotFound);

        Assert.Equal(default, Heard(id, Response(Payloads.ReadText("api/authors-200.json"))));
    }

    [Theory]
    [InlineData("""{"result":{"name":null}}""")]
    [InlineData("""{"result":{"name":"  "}}""")]
    [InlineData("""{"result":{}}""")]
    [InlineData("""{"result":{"name":{"first":"Rut"}}}""")]
    public void Heard_UserWithoutAName_IsLookedForAmongTheAuthors(string json) => Assert.StartsWith("author", Heard(418, Response(json)).Path, StringComparison.Ordinal);

    [Fact]
    public void Next_AuthorsWereRead_AnswersOthersWithoutAsking()
    {
        Heard(7, NotFound);
        Heard(7, Response(Payloads.ReadText("api/authors-200.json")));

        Assert.Equal(new NameStep(null, "Rut Olsen"), Heard(418, NotFound));
        _now = TimeSpan.FromMinutes(10);
        Assert.Equal("user/418", Next(418).Path);
    }

    [Fact]
    public void Heard_ManyAuthors_AreReadPageByPageUpToABound()
    {
        var step = Heard(5, NotFound);
        var pages = new List<string>();
        while (step.Path is { } path)
        {
            pages.Add(path);
            step = Heard(5, Page(1000 * pages.Count));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(page => $"author?type=user&limit=100&offset={page * 100}"), pages);
        Assert.Null(step.Name);
        Assert.Equal(new NameStep(null, "Author 1001"), Heard(1001, NotFound));
    }

    [Theory]
    [InlineData("""{"result":{"entities":null}}""")]
    [InlineData("""{"result":{"entities":[null,1,"x",[],{"entity_type":1,"entity_id":"x"},{"entity_type":"user","entity_id":null,"name":"a"}]}}""")]
    public void Heard_StrangeAuthors_AreNobody(string json)
    {
        Heard(418, NotFound);

        Assert.Equal(default, Heard(418, Response(json)));
    }

    private static QaseResponse Page(int from) => Response(
        $$$"""{"result":{"entities":[{{{string.Join(',', Enumerable.Range(from, 100).Select(id => $$"""{"entity_type":"user","entity_id":{{id}},"name":"Author {{id}}"}"""))}}}]}}""");

    private static QaseResponse Response(string json)
    {
        var response = QaseResponses.Classify(new QaseReply { Status = 200, Body = Encoding.UTF8.GetBytes(json) });
        Assert.Equal(QaseOutcome.Ok, response.Outcome);
        return response;
    }

    private NameStep Next(long id) => _search.Next(id, _now);

    private NameStep Heard(long id, QaseResponse response) => _search.Heard(id, response, _now);
}
