using Spectre.Console;
using Spectre.Console.Rendering;

namespace DefectNotifier.Tests.Commands.Setup;

/// <summary>A terminal with prepared key presses.</summary>
internal sealed class TypingConsole : IAnsiConsole, IAnsiConsoleInput
{
    private readonly StringWriter _output = new();
    private readonly Queue<ConsoleKeyInfo> _keys = new();
    private readonly IAnsiConsole _console;

    public TypingConsole() => _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(_output),
        Ansi = AnsiSupport.Yes,
        ColorSystem = ColorSystemSupport.Standard,
        Interactive = InteractionSupport.Yes,
    });

    public string Output => _output.ToString();

    public Profile Profile => _console.Profile;

    public IAnsiConsoleCursor Cursor => _console.Cursor;

    public IAnsiConsoleInput Input => this;

    public IExclusivityMode ExclusivityMode => _console.ExclusivityMode;

    public RenderPipeline Pipeline => _console.Pipeline;

    public void Press(ConsoleKey key, int times = 1)
    {
        for (var i = 0; i < times; i++) _keys.Enqueue(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));
    }

    public void Type(string line)
    {
        foreach (var letter in line) _keys.Enqueue(new ConsoleKeyInfo(letter, ConsoleKey.None, shift: false, alt: false, control: false));
        Press(ConsoleKey.Enter);
    }

    public void Clear(bool home) => _console.Clear(home);

    public void Write(IRenderable renderable) => _console.Write(renderable);

    public void WriteAnsi(Action<AnsiWriter> action) => _console.WriteAnsi(action);

    public bool IsKeyAvailable() => _keys.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept) =>
        _keys.Count > 0
            ? _keys.Dequeue()
            : throw new InvalidOperationException("There are more questions than prepared answers: " + Output);

    public Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken) => Task.FromResult(ReadKey(intercept));
}
