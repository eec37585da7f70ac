using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Certificates of servers on loopback.</summary>
internal static class TestCertificates
{
    /// <summary>Nobody trusts it.</summary>
    public static readonly X509Certificate2 Unknown = Make(names => names.AddIpAddress(IPAddress.Loopback));

    /// <summary>Trusted, but of another host.</summary>
    public static readonly X509Certificate2 OtherHost = Make(names => names.AddDnsName("elsewhere.example"));

    public static readonly X509Certificate2 Good = Make(names => names.AddIpAddress(IPAddress.Loopback));

    /// <summary>Writes the trusted ones as <c>SSL_CERT_FILE</c> takes them.</summary>
    public static void WriteTrusted(string path) => File.WriteAllText(path, string.Join('\n', Good.ExportCertificatePem(), OtherHost.ExportCertificatePem()));

    private static X509Certificate2 Make(Action<SubjectAlternativeNameBuilder> name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        // Each has a subject of its own: a chain is looked for by subject.
        var request = new CertificateRequest($"CN={Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
