using DefectNotifier.Worker.Commands;

namespace DefectNotifier.Tests.Commands;

public sealed class TerminalTests
{
    [Fact]
    public void Write_NoTerminal_HasNeitherColoursNorBrokenLines()
    {
        var (output, error) = Use(isQuiet: false);
        var longLine = new string('x', 20_000) + " [red]end[/]";

        Terminal.WriteLine(longLine, TerminalStyle.Bad);
        Terminal.Remark("a remark");
        Terminal.WriteError("two\nlines\u001b");

        Assert.Equal([longLine, "a remark"], Lines(output));
        Assert.Equal(["two", "lines\uFFFD"], Lines(error));
    }

    [Fact]
    public void Remark_Quiet_IsLeftOut()
    {
        var (output, error) = Use(isQuiet: true);

        Terminal.Remark("a remark");
        Terminal.WriteLine("the result");
        Terminal.WriteError("an error");

        Assert.Equal(["the result"], Lines(output));
        Assert.Equal(["an error"], Lines(error));
    }

    private static (StringWriter Output, StringWriter Error) Use(bool isQuiet)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Terminal.Use(TerminalSession.Of(output, error, isQuiet));
        return (output, error);
    }

    private static string[] Lines(StringWriter writer) => writer.ToString().TrimEnd().Split(Environment.NewLine);
}
