using DefectNotifier.Worker.Terminal;

namespace DefectNotifier.Tests.Terminal;

public sealed class OutputTests
{
    [Fact]
    public void Write_NoTerminal_HasNoColoursAndNoWrappedLines()
    {
        var (output, error) = Use(isQuiet: false);
        var longLine = new string('x', 20_000) + " [red]end[/]";

        Output.WriteLine(longLine, TerminalStyle.Bad);
        Output.WriteNote("a note");
        Output.WriteError("two\nlines\u001b");

        Assert.Equal([longLine, "a note"], Lines(output));
        Assert.Equal(["two", "lines\uFFFD"], Lines(error));
    }

    [Fact]
    public void WriteNote_Quiet_IsOmitted()
    {
        var (output, error) = Use(isQuiet: true);

        Output.WriteNote("a note");
        Output.WriteLine("the result");
        Output.WriteError("an error");

        Assert.Equal(["the result"], Lines(output));
        Assert.Equal(["an error"], Lines(error));
    }

    private static (StringWriter Output, StringWriter Error) Use(bool isQuiet)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Output.Use(TerminalSession.Of(output, error, isQuiet));
        return (output, error);
    }

    private static string[] Lines(StringWriter writer) => writer.ToString().TrimEnd().Split(Environment.NewLine);
}
