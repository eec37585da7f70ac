namespace DefectNotifier.Tests.Oracles;

/// <summary>The deployment files against the schemas of Kubernetes and Compose.</summary>
public sealed class DeploymentSchemaTests
{
    /// <summary>A file, what is right in it, and what is not.</summary>
    private static readonly (string Name, string Right, string Wrong)[] Errors =
    [
        ("kubernetes", "terminationGracePeriodSeconds", "terminationGraceSeconds"),
        ("kubernetes", "accessModes: [ReadWriteOnce]", "accessModes: ReadWriteOnce"),
        ("kubernetes", "cidr:", "cdir:"),
        ("compose", "stop_grace_period:", "stop_grace:"),
        ("compose", "restart: unless-stopped", "restart: [always]"),
        ("kubernetes-nodes", "minAvailable:", "minimumAvailable:"),
        ("kubernetes-nodes", "sleep: {", "sleeps: {"),
        ("compose-nodes", "extends: {", "extend: {"),
    ];

    // In one run of the script: loading the types takes most of its time.
    [Fact]
    public void Files_TheirContents_MatchTheSchemasAndWithAnErrorDoNot() => NodeScript.Check(
        "deploy.mjs",
        [Case("kubernetes"), Case("kubernetes-nodes"), Case("compose"), Case("compose-nodes"), .. Errors.Select(WithError)]);

    private static DeploymentFile Case(string name) =>
        new(name.Split('-')[0], File.ReadAllText(Repository.PathOf("src", "deploy", name + ".yaml")), Wrong: null);

    private static DeploymentFile WithError((string Name, string Right, string Wrong) error)
    {
        var file = Case(error.Name);
        Assert.Contains(error.Right, file.Text, StringComparison.Ordinal);
        return file with
        {
            Text = file.Text.Replace(error.Right, error.Wrong, StringComparison.Ordinal),
            Wrong = $"{error.Name}: {error.Wrong}",
        };
    }

    private sealed record DeploymentFile(string Kind, string Text, string? Wrong);
}
