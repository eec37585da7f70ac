using DefectNotifier.Worker.Terminal;
using Spectre.Console;

namespace DefectNotifier.Tests.Terminal;

public sealed class TextTableTests
{
    [Fact]
    public void Write_ManyRows_AlignsTheColumnsWithoutWrapping()
    {
        var output = new StringWriter();
        Output.Use(TerminalSession.Of(output, TextWriter.Null, isQuiet: false));
        var table = new TextTable(["ID", "STATE", "X"]);
        table.Add(Style.Plain, "1", "dead", null);
        table.Add(Style.Plain, "1000", "held\u001b", "[red]" + new string('x', 300));

        table.Write();

        Assert.Equal(
            ["ID    STATE  X", "1     dead   -", "1000  held\uFFFD  [red]" + new string('x', 300)],
            output.ToString().TrimEnd().Split(Environment.NewLine).Select(line => line.TrimEnd()));
    }
}
