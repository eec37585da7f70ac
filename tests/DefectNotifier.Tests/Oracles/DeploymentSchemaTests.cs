using Xunit.Sdk;

namespace DefectNotifier.Tests.Oracles;

/// <summary>The deployment files against the schemas of Kubernetes and Compose.</summary>
public sealed class DeploymentSchemaTests
{
    [Fact]
    public void Files_TheirContents_MatchTheSchemas() => NodeScript.Check(
        "deploy.mjs", [Case("kubernetes"), Case("kubernetes-nodes"), Case("compose"), Case("compose-nodes")]);

    [Theory]
    [InlineData("kubernetes", "terminationGracePeriodSeconds", "terminationGraceSeconds")]
    [InlineData("kubernetes", "accessModes: [ReadWriteOnce]", "accessModes: ReadWriteOnce")]
    [InlineData("kubernetes", "cidr:", "cdir:")]
    [InlineData("compose", "stop_grace_period:", "stop_grace:")]
    [InlineData("compose", "restart: unless-stopped", "restart: [always]")]
    [InlineData("kubernetes-nodes", "minAvailable:", "minimumAvailable:")]
    [InlineData("kubernetes-nodes", "sleep: {", "sleeps: {")]
    [InlineData("compose-nodes", "extends: {", "extend: {")]
    public void Files_WithAnError_AreRejected(string name, string right, string wrong)
    {
        var file = Case(name);
        Assert.Contains(right, file.Text, StringComparison.Ordinal);

        var isAccepted = true;
        try
        {
            NodeScript.Check("deploy.mjs", [file with { Text = file.Text.Replace(right, wrong, StringComparison.Ordinal) }]);
        }
        // Not Assert.Throws: it would take a skipped test for a failed one.
        catch (TrueException)
        {
            isAccepted = false;
        }

        Assert.False(isAccepted);
    }

    private static DeploymentFile Case(string name) =>
        new(name.Split('-')[0], File.ReadAllText(Repository.PathOf("src", "deploy", name + ".yaml")));

    private sealed record DeploymentFile(string Kind, string Text);
}
