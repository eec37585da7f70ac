using System.Text;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Invented secrets in the format of real ones.</summary>
internal static class TestSecrets
{
    /// <summary>The last part of a Slack webhook's path.</summary>
    public const string HookPart = "hookPartQ8s7d6f5g4h3j2k1";

    /// <summary>The part before it.</summary>
    public const string HookTeam = "hookTeamB024BE7LR";

    public const string Token = "xoxb-" + "1111111111-2222222222-tokenPartA1b2C3d4E5f6";

    /// <summary>The <c>sig</c> of a Workflows URL.</summary>
    public const string Signature = "signaturePartZ9y8X7w6V5u4T3s2";

    /// <summary>What Qase sends in <c>X-Qase-Secret</c>.</summary>
    public const string Ingress = "ingressSecretM1n2B3v4";

    /// <summary>Also accepted, while the secret is being changed.</summary>
    public const string NextIngress = "ingressSecretP0o9I8u7";

    /// <summary>Not accepted.</summary>
    public const string WrongIngress = "ingressSecretL5k4J3h2";

    /// <summary>The operators' secret.</summary>
    public const string Operations = "operationsSecretX1c2V3b4";

    /// <summary>The token for Qase's API.</summary>
    public const string Qase = "qaseTokenG6h5J4k3";

    // Part of a secret is secret too, so their first letters are searched for.
    private static readonly string[] Beginnings =
        ["hookPart", "hookTeam", "tokenPart", "signaturePart", "ingressSecret", "operationsSecret", "qaseToken"];

    public static void AreNotIn(string text, string where)
    {
        foreach (var secret in Beginnings)
        {
            var at = text.IndexOf(secret, StringComparison.OrdinalIgnoreCase);
            Assert.False(at >= 0, $"{where} shows a secret: {text[Math.Max(0, at - 500)..Math.Clamp(at + 500, 0, text.Length)]}");
        }
    }

    /// <summary>The same for bytes that contain text.</summary>
    public static void AreNotIn(byte[] bytes, string where) => AreNotIn(Encoding.Latin1.GetString(bytes), where);
}
