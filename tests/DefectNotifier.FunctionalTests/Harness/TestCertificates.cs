using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>Certificates for servers on loopback.</summary>
internal static class TestCertificates
{
    /// <summary>Not trusted.</summary>
    public static readonly X509Certificate2 Unknown = Make(names => names.AddIpAddress(IPAddress.Loopback));

    /// <summary>Trusted, but for another host.</summary>
    public static readonly X509Certificate2 OtherHost = Make(names => names.AddDnsName("elsewhere.example"));

    public static readonly X509Certificate2 Good = Make(names => names.AddIpAddress(IPAddress.Loopback));

    /// <summary>Writes the trusted ones in the format of <c>SSL_CERT_FILE</c>.</summary>
    public static void WriteTrusted(string path) =>
        File.WriteAllText(path, string.Join('\n', Good.ExportCertificatePem(), OtherHost.ExportCertificatePem()));

    private static X509Certificate2 Make(Action<SubjectAlternativeNameBuilder> name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        name(names);
        // Each has its own subject, because the chain is searched by subject.
        var request = new CertificateRequest($"CN={Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
