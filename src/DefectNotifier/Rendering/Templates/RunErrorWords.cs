using Scriban.Syntax;

namespace DefectNotifier.Rendering.Templates;

/// <summary>What Scriban says of a run that failed, in the words of those who write templates where its own are a programmer's.</summary>
internal static class RunErrorWords
{
    public static string Of(ScriptRuntimeException failure) => failure switch
    {
        ScriptAbortException => "It takes longer than two seconds and is stopped here. Loop over less.",
        _ when failure.OriginalMessage.StartsWith("Exceeding number of iteration limit", StringComparison.Ordinal) => "The loops of a template may turn 1,000 times; this one goes on and is stopped. Does it ever end?",
        _ => failure.OriginalMessage,
    };
}
