using DefectNotifier.Rendering.Templates;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Templates that are edited while they are in use.</summary>
public sealed class TemplateReloadTests : IDisposable
{
    private readonly TemplateFolder _folder =
        new(("defect.created.sbn", "first"), ("finance/defect.created.sbn", "money"), ("defect.updated.sbn", "updated"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OneTemplateWithAnError_KeepsItsLastGoodVersionAndLoadsTheOthers()
    {
        var before = _folder.Load();
        _folder.Write("defect.created.sbn", "line\n{{ if }}");
        _folder.Write("defect.updated.sbn", "again");

        var after = _folder.Load(before);

        var error = Assert.Single(after.Errors);
        Assert.Equal(("defect.created.sbn", 2), (error.Template, error.Line));
        Assert.Equal("p first", TextOf(after, null));
        Assert.Equal("p money", TextOf(after, "finance"));
        Assert.Equal(["defect.updated.sbn"], after.Digests.Where(file => before.Digests[file.Key] != file.Value).Select(file => file.Key));
    }

    [Fact]
    public void Load_RepeatedErrors_KeepTheLastGoodVersion()
    {
        var store = _folder.Load();
        for (var i = 0; i < 3; i++)
        {
            _folder.Write("finance/defect.created.sbn", $"{{{{ for {i} }}}}");
            store = _folder.Load(store);
            Assert.Equal("p money", TextOf(store, "finance"));
        }

        _folder.Write("finance/defect.created.sbn", "more");
        store = _folder.Load(store);

        Assert.Empty(store.Errors);
        Assert.Equal("p more", TextOf(store, "finance"));
    }

    [Fact]
    public void Load_DeletedTemplate_IsNotUsed()
    {
        var before = _folder.Load();
        _folder.Delete("finance/defect.created.sbn");

        Assert.Equal("p first", TextOf(_folder.Load(before), "finance"));
    }

    [Fact]
    public void Load_ErrorFromTheStart_SkipsTheTemplate()
    {
        _folder.Write("finance/defect.created.sbn", "{{ if }}");

        var store = _folder.Load(_folder.Load());

        Assert.Single(store.Errors);
        Assert.False(store.Has("finance/defect.created.sbn"));
        Assert.Equal("p first", TextOf(store, "finance"));
    }

    [Fact]
    public void DigestOf_AnyEdit_Changes()
    {
        var digests = new List<string> { TemplateStore.DigestOf(_folder.Options), TemplateStore.DigestOf(_folder.Options) };
        Assert.Equal(digests[0], digests[1]);

        _folder.Write("defect.created.sbn", "{{ if }}");
        digests.Add(TemplateStore.DigestOf(_folder.Options));
        _folder.Write("defect.created.sbn", "{{ for }}");
        digests.Add(TemplateStore.DigestOf(_folder.Options));
        _folder.Delete("defect.created.sbn");
        digests.Add(TemplateStore.DigestOf(_folder.Options));
        _folder.Write("other/defect.created.sbn", "{{ for }}");
        digests.Add(TemplateStore.DigestOf(_folder.Options));

        Assert.Equal(5, digests.Distinct().Count());
        Assert.Equal(TemplateStore.DigestOf(new TemplateOptions { Path = "none" }),
            TemplateStore.DigestOf(new TemplateOptions { Path = "no-such-folder" }));
    }

    private static string TextOf(TemplateStore store, string? set) => Rendered.By(store, Some.DefectEvent, set).Outline.Trim();
}
