namespace DefectNotifier.Files;

/// <summary>Reads files that are polled: anything may be in their place, and nothing of it may block or fill the memory.</summary>
public static class RegularFile
{
    /// <summary>The content of a regular file; symbolic links are followed.</summary>
    /// <exception cref="FileNotFoundException">There is no file. The message continues a sentence about the file.</exception>
    /// <exception cref="IOException">
    /// It is not a regular file, it is too large, or it cannot be read. The message continues a sentence about the file.
    /// </exception>
    public static byte[] Read(string path, int maxBytes)
    {
        using var target = FileTarget.Of(path);
        return target.Read(maxBytes);
    }

    /// <summary>The same as text: UTF-8, or as its byte order mark says.</summary>
    /// <exception cref="IOException">See <see cref="Read"/>.</exception>
    public static string ReadText(string path, int maxBytes) => TextOf(Read(path, maxBytes));

    internal static string TextOf(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes));
        return reader.ReadToEnd();
    }
}

/// <summary>This process may not read the file. The message continues a sentence about the file.</summary>
public sealed class FileDeniedException(string message, Exception? inner = null) : IOException(message, inner);
