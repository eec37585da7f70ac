using DefectNotifier.Chat.Teams;

namespace DefectNotifier.Tests.Teams;

public sealed class WorkflowsAddressTests
{
    private const string Old = "https://prod-01.westus.logic.azure.com:443/workflows/LEAK/triggers/manual/paths/invoke";
    private const string Sig = "sig=Zx9LEAK_secret-Sig0123456789abcdefghijklmnop";

    [Theory]
    [InlineData(Old + "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&" + Sig)]
    [InlineData(Old + "?api-version=2016-06-01&sp=/triggers/manual/run&sv=1.0&sig=a%2Bb%2Fc%3D")]
    [InlineData(Old + "?" + Sig + "&sv=1.0&SP=%2Ftriggers%2Fmanual%2Frun&api-version=2022-03-01-preview&tenantId=x")]
    [InlineData(
        "https://default0.00.environment.api.powerplatform.com:443/powerautomate/automations/direct/cu/01/workflows/1"
        + "/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&" + Sig)]
    public void ProblemOf_CompleteAddress_IsNull(string address) => Assert.Null(WorkflowsAddress.ProblemOf(new Uri(address)));

    [Theory]
    [InlineData("?api-version=1&sp=%252Ftriggers%252Fmanual%252Frun&sv=1.0&" + Sig, "contains %25, so it was encoded twice")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=", "has a sig= without a value")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig", "has a sig= without a value")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=LEAK,", "has a sig= with a character that no signature has")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=LEAK.", "has a sig= with a character that no signature has")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=%3CLEAK%3E", "has a sig= with a character that no signature has")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=LEAK%20", "has a sig= with a character that no signature has")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=LEAK;", "has a sig= with a character that no signature has")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=LEAKhttps://a", "has a sig= ")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=your-signature", "has a sig= that is an example value")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=XXXXXXXX", "has a sig= that is an example value")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0&sig=LEAK...", "has a sig= that is an example value")]
    [InlineData("?sp=%2Ftriggers&sv=1.0&" + Sig, "has no api-version=, so a part of it is missing")]
    [InlineData("?api-version=1&sv=1.0&" + Sig, "has no sp=, so a part of it is missing")]
    [InlineData("?api-version=1&sp=%2Ftriggers&" + Sig, "has no sv=, so a part of it is missing")]
    [InlineData("?api-version=&" + Sig, "has no api-version= and no sp= and no sv=")]
    [InlineData("?api-version=1&amp;sp=%2Ftriggers&amp;sv=1.0&amp;" + Sig, "contains &amp; in place of &")]
    [InlineData("?api-version=1&sp=%2Ftriggers&sv=1.0", "has no parameter sig: it was cut off")]
    [InlineData("", "has no parameter sig: it was cut off")]
    public void ProblemOf_IncompleteAddress_NamesWhatIsWrong(string query, string problem)
    {
        var error = WorkflowsAddress.ProblemOf(new Uri(Old + query));

        Assert.StartsWith(problem, error, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAK", error, StringComparison.Ordinal);
    }
}
