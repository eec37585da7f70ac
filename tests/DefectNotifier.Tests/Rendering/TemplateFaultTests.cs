using DefectNotifier.Rendering;
using DefectNotifier.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Rendering;

/// <summary>Where a fault is said to be, and what stands in.</summary>
public sealed class TemplateFaultTests
{
    [Theory]
    [InlineData("a\nb {{ if }}", 2)]
    [InlineData("{{ for x in }}\n{{ end }}", 1)]
    [InlineData("a\n\n  {{ end }}", 3)]
    [InlineData("{{ 'never closed }}", 1)]
    [InlineData("a\n{{ if true }}\nno end", 2)]
    public void Load_SyntaxFault_IsLeftOutAndToldWithItsPlace(string text, int line)
    {
        using var folder = new TemplateFolder(("defect.created.sbn", text), ("other.sbn", "fine"));

        var store = folder.Load();

        var fault = Assert.Single(store.Faults);
        Assert.Equal(("defect.created.sbn", line), (fault.Template, fault.Line));
        Assert.InRange(fault.Column, 1, 40);
        Assert.NotEmpty(fault.Message);
        Assert.Equal("built-in:defect.created.sbn", store.Find(null, "defect.created").Name);
        Assert.Equal("other.sbn", store.Find(null, "other").Name);
    }

    [Fact]
    public void Load_SyntaxFaultInASet_FallsBackToTheCommonTemplate()
    {
        using var folder = new TemplateFolder(("finance/defect.created.sbn", "{{ if }}"), ("defect.created.sbn", "common"));

        var store = folder.Load();

        Assert.Equal("finance/defect.created.sbn", Assert.Single(store.Faults).Template);
        Assert.Equal("defect.created.sbn", store.Find("finance", "defect.created").Name);
    }

    [Fact]
    public void Render_FaultInTheTemplate_IsToldWithLineAndColumn()
    {
        var (outline, fault) = Rendered.TryOutline("# a\n\nb {{ nosuch 1 }}");

        Assert.Equal(("default.sbn", 3, 6), (fault!.Template, fault.Line, fault.Column));
        Assert.EndsWith($"note The template failed, so this is the plain message. default.sbn(3,6): {fault.Message}", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_FaultInAnInclude_IsToldOfTheInclude()
    {
        using var folder = new TemplateFolder(("set/default.sbn", "a\n\n\n{{ include '_a' }}"), ("set/_a.sbn", "x\n  {{ nosuch 1 }}"));

        var (_, fault) = Rendered.By(folder.Load(), Some.DefectEvent with { Name = "x.y" }, set: "set");

        Assert.Equal(("set/_a.sbn", 2, 6), (fault!.Template, fault.Line, fault.Column));
    }

    [Fact]
    public void Render_IncludeWithASyntaxFault_IsToldAsMissing()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ include '_own' }}"), ("_own.sbn", "{{ if }}"));
        var store = folder.Load();

        var (_, fault) = Rendered.By(store, Some.DefectEvent with { Name = "x.y" });

        Assert.Single(store.Faults);
        Assert.Contains("There is no template '_own' to include", fault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n  \n")]
    [InlineData("{{ defect.case_id }}")]
    [InlineData("{{ # a comment }}")]
    [InlineData("{{ if false }}a{{ end }}")]
    [InlineData("# {{ defect.case_id }}\n\n**{{ defect.step }}**")]
    public void Render_TemplateThatWritesNothing_GivesThePlainMessage(string template)
    {
        var (outline, fault) = Rendered.TryOutline(template);

        Assert.Equal(new RenderFault("default.sbn", 0, 0, "The template wrote nothing."), fault);
        Assert.Contains("note The template failed", outline, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MayBeRepeat_SaysSoInSmallPrint()
    {
        using var folder = new TemplateFolder(("default.sbn", "a"));
        var keeper = new DocumentKeeper();
        var renderer = new MessageRenderer(folder.Load(), [keeper], new QaseOptions(), new FakeTimeProvider());

        renderer.Render(new RenderRequest { Event = Some.DefectEvent with { Name = "x.y" }, ReceivedAt = Some.Moment, Platform = ChatPlatform.Slack, MayBeRepeat = true });

        Assert.Equal("p a\nnote This may be a repeat: the answer to an earlier attempt was lost.", Outline.Of(keeper.Document));
    }
}
