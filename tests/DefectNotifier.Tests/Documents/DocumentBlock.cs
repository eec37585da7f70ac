namespace DefectNotifier.Tests.Documents;

/// <summary>A fenced block of a document.</summary>
/// <param name="File">The name of the document.</param>
/// <param name="Language">The word after the fence: empty for commands of a shell.</param>
/// <param name="Text">Its lines.</param>
internal sealed record DocumentBlock(string File, string Language, string Text)
{
    public static IEnumerable<DocumentBlock> All => Repository.Documents.SelectMany(Of);

    /// <summary>Its commands: a line that ends within quotes or with a backslash is continued.</summary>
    public IEnumerable<string> Commands
    {
        get
        {
            var command = "";
            foreach (var line in Text.Split('\n'))
            {
                command = command.Length == 0 ? line : $"{command}\n{line}";
                if (command.Count(letter => letter == '\'') % 2 == 1 || command.EndsWith('\\')) continue;
                yield return command;
                command = "";
            }
        }
    }

    private static IEnumerable<DocumentBlock> Of(string path)
    {
        var lines = System.IO.File.ReadAllLines(path);
        for (var start = 0; start < lines.Length; start++)
        {
            if (!lines[start].TrimStart().StartsWith("```", StringComparison.Ordinal)) continue;
            var indent = lines[start].Length - lines[start].TrimStart().Length;
            var inside = lines.Skip(start + 1).TakeWhile(line => line.Trim() != "```").ToList();
            yield return new DocumentBlock(
                Path.GetFileName(path),
                lines[start].Trim().Trim('`'),
                string.Join('\n', inside.Select(line => line.Length > indent ? line[indent..] : line.Trim())));
            start += inside.Count + 1;
        }
    }
}
