namespace DefectNotifier.Worker.Commands.Completion;

/// <summary>
/// Shell scripts that run the program with <c>[suggest:POSITION] "LINE"</c> and offer its output. The line starts after the program's name.
/// </summary>
internal static class CompletionScripts
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>True for a name that needs no quoting in any shell.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 } && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>The script for one of <see cref="Shells"/>; the program is one path, or dotnet and the path of the DLL.</summary>
    public static string Of(string shell, string name, IReadOnlyList<string> program)
    {
        var (template, quote) = shell switch
        {
            "bash" => (Bash, "'\\''"),
            "zsh" => (Zsh, "'\\''"),
            "fish" => (Fish, "\\'"),
            _ => (Pwsh, "''"),
        };
        string Quoted(string part)
        {
            // fish interprets backslashes inside single quotes.
            var escaped = shell == "fish" ? part.Replace("\\", "\\\\", StringComparison.Ordinal) : part;
            return $"'{escaped.Replace("'", quote, StringComparison.Ordinal)}'";
        }

        var call = string.Join(' ', program.Select(Quoted));
        return template.Replace("PROGRAM", call, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal) + "\n";
    }

    // Offers only words that start with the typed word: bash would replace it with any other. -o default completes files when nothing is
    // offered.
    private const string Bash =
        """
        # eval "$(NAME completion bash)"
        _defect_notifier() {
            local typed="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" found
            typed="${typed#"${COMP_WORDS[0]}"}"
            typed="${typed#"${typed%%[![:space:]]*}"}"
            COMPREPLY=()
            while IFS= read -r found; do
                [[ -n "$found" && "$found" == "$word"* ]] && COMPREPLY+=("$found")
            done < <(PROGRAM "[suggest:${#typed}]" "$typed" 2>/dev/null)
        }
        complete -o default -F _defect_notifier NAME
        """;

    private const string Zsh =
        """
        # eval "$(NAME completion zsh)", after compinit
        _defect_notifier() {
            local typed="${(j: :)words[2,CURRENT]}"
            local -a found
            found=(${(f)"$(PROGRAM "[suggest:${#typed}]" "$typed" 2>/dev/null)"})
            compadd -a found || _files
        }
        compdef _defect_notifier NAME
        """;

    private const string Fish =
        """
        # NAME completion fish | source
        function __defect_notifier
            set -l typed (commandline -cp | string replace -r '^\s*\S+\s*' '')
            PROGRAM "[suggest:"(string length -- "$typed")"]" "$typed" 2>/dev/null
        end
        complete -c NAME -a '(__defect_notifier)'
        """;

    private const string Pwsh =
        """
        # NAME completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName 'NAME' -ScriptBlock {
            param($word, $ast, $cursor)
            $length = $cursor - $ast.Extent.StartOffset
            $typed = $ast.ToString().PadRight($length).Substring(0, $length) -replace '^\s*\S+\s*', ''
            & PROGRAM "[suggest:$($typed.Length)]" $typed | Where-Object { $_ -and $_.StartsWith($word) } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;
}
