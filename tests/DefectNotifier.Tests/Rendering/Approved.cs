using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DefectNotifier.Chat;
using DefectNotifier.Rendering.Values;

namespace DefectNotifier.Tests.Rendering;

/// <summary>
/// Compares texts with the approved files in <c>Approved</c>. On a difference the new text is written beside the file as
/// <c>*.received.txt</c>. To approve all texts, run the tests with the environment variable <c>APPROVE=1</c>, and review the diff
/// before you commit it.
/// </summary>
internal static class Approved
{
    private static readonly bool IsApproving = Environment.GetEnvironmentVariable("APPROVE") == "1";

    private static readonly JsonWriterOptions Readable =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares a message with <c>name.slack.txt</c> or <c>name.teams.txt</c>: its view as text and its JSON.</summary>
    public static void Check(string name, ChatPlatform platform, ReadOnlyMemory<byte> json, [CallerFilePath] string caller = "") =>
        Check($"{name}.{platform.Word()}", $"{PlatformFormats.Read(platform, json)}\n{Indented(json)}\n", caller);

    public static string Indented(ReadOnlyMemory<byte> json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable)) JsonElement.Parse(json.Span).WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

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
