using System.Buffers.Text;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Finds numbers in bytes without making text of them.</summary>
internal static class Numbers
{
    /// <summary>The number that stands right behind a mark; -1 when there is no such mark.</summary>
    public static int After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark)
    {
        var at = text.IndexOf(mark);
        return at >= 0 && Utf8Parser.TryParse(text[(at + mark.Length)..], out int number, out _) ? number : -1;
    }
}
