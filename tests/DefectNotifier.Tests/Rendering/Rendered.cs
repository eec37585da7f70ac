using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;
using DefectNotifier.Tests.Rendering.Templates;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Renders to the document, without a platform.</summary>
internal static class Rendered
{
    /// <summary>The outline of the rendered document; the template must not fail.</summary>
    public static string Outline(string template, DefectEvent? defectEvent = null)
    {
        var (outline, error) = TryOutline(template, defectEvent);
        Assert.Null(error);
        return outline;
    }

    public static (string Outline, RenderError? Error) TryOutline(string template, DefectEvent? defectEvent = null, TimeProvider? time =
        null)
    {
        using var folder = new TemplateFolder(("default.sbn", template));
        return By(folder.Load(), (defectEvent ?? Some.DefectEvent) with { Name = "custom.event" }, time: time);
    }

    /// <summary>By default time stands still, so that a busy machine cannot cause a timeout.</summary>
    public static (string Outline, RenderError? Error) By(TemplateStore store, DefectEvent defectEvent, string? set = null,
        TimeProvider? time = null)
    {
        var capture = new DocumentCapture();
        var renderer = new MessageRenderer(store, [capture], new QaseOptions(), time ?? new FakeTimeProvider());
        var result =
            renderer.Render(new RenderRequest
            {
                Event = defectEvent,
                ReceivedAt = Some.Moment,
                Platform = ChatPlatform.Slack,
                TemplateSet = set
            });
        return (Document.Outline.Of(capture.Document), result.Error);
    }
}
