using System.Runtime.CompilerServices;

namespace DefectNotifier.Tests.Rendering;

/// <summary>
/// Compares texts with the approved files in <c>Approved</c>. On a difference the new text is written beside the file as
/// <c>*.received.txt</c>. To approve all texts, run the tests with the environment variable <c>APPROVE=1</c>, and review the diff
/// before you commit it.
/// </summary>
internal static class Approved
{
    private static readonly bool IsApproving = Environment.GetEnvironmentVariable("APPROVE") == "1";

    public static void Check(string name, string text, [CallerFilePath] string caller = "")
    {
        var approved = Path.Combine(Path.GetDirectoryName(caller)!, "Approved", name + ".txt");
        var received = Path.ChangeExtension(approved, ".received.txt");
        if (IsApproving)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
            File.WriteAllText(approved, text);
        }

        if (File.Exists(approved) && File.ReadAllText(approved) == text)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, text);
        Assert.Fail($"{approved} differs from the rendered text; see {received}. APPROVE=1 approves it.");
    }
}
