using System.Buffers.Text;

namespace DefectNotifier.Benchmarks.Load;

/// <summary>Parses numbers in UTF-8 text without allocating.</summary>
internal static class Numbers
{
    /// <summary>The number directly after a mark; -1 when the mark is missing.</summary>
    public static int After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark)
    {
        var at = text.IndexOf(mark);
        return at >= 0 && Utf8Parser.TryParse(text[(at + mark.Length)..], out int number, out _) ? number : -1;
    }
}
