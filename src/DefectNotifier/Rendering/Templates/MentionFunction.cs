using DefectNotifier.Rendering.Values;
using Scriban.Parsing;
using Scriban.Runtime;

namespace DefectNotifier.Rendering.Templates;

/// <summary><c>mention 'qa-lead'</c>: notifies whom the configuration names so. A name that it does not know, or not for this platform, is read as <c>@name</c>, and told as a warning.</summary>
internal sealed class MentionFunction() : TemplateFunction(1, "name")
{
    protected override object? Call(TokenContext context, SourceSpan span, ScriptArray arguments)
    {
        if (Text(arguments, 0) is not { } name) return null;
        if (context.Options.Mentions.TryGetValue(name, out var known))
        {
            if ((context.Platform == ChatPlatform.Slack ? known.Slack : known.Teams) is null)
                context.Warn(span, $"mention '{name}': Templates:Mentions:{name} has no {context.Platform}, so nobody is notified there.");
            return TemplateValue.Of(new MessageInline("@" + known.Name) { Mention = context.MayNotify ? known : null });
        }

        context.Warn(span, $"mention '{name}': Templates:Mentions has no '{name}', so nobody is notified.");
        return TemplateValue.Of(new MessageInline("@" + TextCleaning.Clean(name).Replace('\n', ' ')));
    }
}
