namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Secrets that look like real ones and are none.</summary>
internal static class TestSecrets
{
    /// <summary>The last part of a Slack webhook's path.</summary>
    public const string HookPart = "hookPartQ8s7d6f5g4h3j2k1";

    /// <summary>The part before it.</summary>
    public const string HookTeam = "hookTeamB024BE7LR";

    public const string Token = "xoxb-" + "1111111111-2222222222-tokenPartA1b2C3d4E5f6";

    /// <summary>The <c>sig</c> of a Workflows address.</summary>
    public const string Signature = "signaturePartZ9y8X7w6V5u4T3s2";

    /// <summary>What Qase sends in <c>X-Qase-Secret</c>.</summary>
    public const string Ingress = "ingressSecretM1n2B3v4";

    /// <summary>The one that is accepted besides, while the secret is being changed.</summary>
    public const string NextIngress = "ingressSecretP0o9I8u7";

    // Half a secret is one too: what must never be seen is its beginning.
    private static readonly string[] Beginnings = ["hookPart", "tokenPart", "signaturePart", "ingressSecret"];

    public static void AreNotIn(string text, string where)
    {
        foreach (var secret in Beginnings)
            Assert.False(text.Contains(secret, StringComparison.OrdinalIgnoreCase), $"{where} shows a secret: {text}");
    }
}
