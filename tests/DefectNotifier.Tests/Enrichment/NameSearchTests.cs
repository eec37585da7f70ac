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
    public void Received_User_HasTheName()
    {
        Assert.Equal("user/418", Next(418).Path);

        Assert.Equal(new NameStep(null, "Rut <Olsen> & co"), Received(418, Response(Payloads.ReadText("api/user-200.json"))));
    }

    [Fact]
    public void Received_NotAUser_SearchesTheAuthors()
    {
        Assert.Equal("author?type=user&limit=100&offset=0", Received(418, NotFound).Path);

        Assert.Equal(new NameStep(null, "Rut Olsen"), Received(418, Response(Payloads.ReadText("api/authors-200.json"))));
    }

    [Theory]
    [InlineData(3)] // the id of an app
    [InlineData(9001)] // the author's own id
    [InlineData(7)]
    public void Received_AuthorThatIsNotAUser_IsUnknown(long id)
    {
        Received(id, NotFound);

        Assert.Equal(default, Received(id, Response(Payloads.ReadText("api/authors-200.json"))));
    }

    [Theory]
    [InlineData("""{"result":{"name":null}}""")]
    [InlineData("""{"result":{"name":"  "}}""")]
    [InlineData("""{"result":{}}""")]
    [InlineData("""{"result":{"name":{"first":"Rut"}}}""")]
    public void Received_UserWithoutAName_SearchesTheAuthors(string json) =>
        Assert.StartsWith("author", Received(418, Response(json)).Path, StringComparison.Ordinal);

    [Fact]
    public void Next_AuthorsAreCached_NeedsNoRequestForOthers()
    {
        Received(7, NotFound);
        Received(7, Response(Payloads.ReadText("api/authors-200.json")));

        Assert.Equal(new NameStep(null, "Rut Olsen"), Received(418, NotFound));
        _now = TimeSpan.FromMinutes(10);
        Assert.Equal("user/418", Next(418).Path);
    }

    [Fact]
    public void Received_ManyAuthors_ReadsPagesUpToTheLimit()
    {
        var step = Received(5, NotFound);
        var pages = new List<string>();
        while (step.Path is { } path)
        {
            pages.Add(path);
            step = Received(5, Page(1000 * pages.Count));
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(page => $"author?type=user&limit=100&offset={page * 100}"), pages);
        Assert.Null(step.Name);
        Assert.Equal(new NameStep(null, "Author 1001"), Received(1001, NotFound));
    }

    [Theory]
    [InlineData("""{"result":{"entities":null}}""")]
    [InlineData("""{"result":{"entities":[null,1,"x",[]]}}""")]
    [InlineData("""{"result":{"entities":[{"entity_type":1,"entity_id":"x"},{"entity_type":"user","entity_id":null,"name":"a"}]}}""")]
    public void Received_InvalidAuthors_AreIgnored(string json)
    {
        Received(418, NotFound);

        Assert.Equal(default, Received(418, Response(json)));
    }

    private static QaseResponse Page(int from)
    {
        var authors = Enumerable.Range(from, 100).Select(id => $$"""{"entity_type":"user","entity_id":{{id}},"name":"Author {{id}}"}""");
        return Response($$$"""{"result":{"entities":[{{{string.Join(',', authors)}}}]}}""");
    }

    private static QaseResponse Response(string json)
    {
        var response = QaseResponses.Classify(new QaseHttpResponse { Status = 200, Body = Encoding.UTF8.GetBytes(json) });
        Assert.Equal(QaseOutcome.Ok, response.Outcome);
        return response;
    }

    private NameStep Next(long id) => _search.Next(id, _now);

    private NameStep Received(long id, QaseResponse response) => _search.Received(id, response, _now);
}
