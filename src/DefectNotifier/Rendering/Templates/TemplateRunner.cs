using DefectNotifier.Rendering.Values;
using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>Runs templates within a time limit.</summary>
internal static class TemplateRunner
{
    /// <summary>A normal run takes a few hundredths of a millisecond.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// For a second try of a run that timed out: on a busy machine a normal template can be slow, above all the first one of a
    /// process, while code is compiled.
    /// </summary>
    private static readonly TimeSpan SecondLimit = TimeSpan.FromSeconds(2);

    /// <exception cref="ScriptRuntimeException">The template failed or exceeded a limit.</exception>
    public static TokenContext Run(
        StoredTemplate template, RenderRequest request, TemplateStore templates, QaseOptions qase, TimeProvider time)
    {
        try
        {
            return Run(Limit);
        }
        catch (ScriptAbortException)
        {
            return Run(SecondLimit);
        }

        TokenContext Run(TimeSpan limit)
        {
            var context = new TokenContext(template, request, templates, BuiltIns.Shared);
            var model = new TemplateModel(request, qase);
            using var timeout = new CancellationTokenSource(limit, time);
            context.Run(model, timeout.Token);
            return context;
        }
    }

    /// <summary>The error message of a failed run; replaces messages of Scriban that only programmers understand.</summary>
    public static string MessageOf(ScriptRuntimeException error) => error switch
    {
        ScriptAbortException => "The template ran for more than two seconds and was stopped. Use fewer loop iterations.",
        _ when error.OriginalMessage.StartsWith("Exceeding number of iteration limit", StringComparison.Ordinal) =>
            "The loop was stopped after 1,000 iterations, the most that a template may run. Check that it ends.",
        _ => error.OriginalMessage,
    };
}
