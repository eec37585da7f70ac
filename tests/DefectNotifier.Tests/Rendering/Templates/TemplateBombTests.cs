using System.Text;
using System.Text.Json;
using DefectNotifier.Chat;
using DefectNotifier.Events;
using DefectNotifier.Rendering;
using DefectNotifier.Rendering.Templates;
using DefectNotifier.Rendering.Values;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>
/// Templates and values that would use all memory or run for minutes. Each ends with a message, soon, and with a bounded allocation.
/// </summary>
public sealed class TemplateBombTests
{
    /// <summary>A run may allocate 32 MB; a run that was stopped by its time limit is tried again.</summary>
    private const long MaxAllocated = 100_000_000;

    /// <summary>Many times the limits, because other tests run at the same time; without the limits it would be minutes.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // A text of 10 * 2^14 characters.
    private const string Long = "s = 'aaaaaaaaaa'; for i in 1..14; s = s + s; end; ";

    [Theory]
    // Texts.
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = $\"{s}{s}\"; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = $\"{s}{s}{s}{s}{s}{s}{s}{s}\"; end; s }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s + s; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s * 10; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s | string.append s | string.prepend s; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s | string.replace 'a' s; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s | string.replace_first 'a' s; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s | regex.replace 'a' s; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = [s, s] | array.join s; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s | string.literal | string.escape; end }}")]
    [InlineData("{{ s = '\\\\'; for i in 1..60; s = s | json | json; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; s = s | string.base64_encode | regex.escape; end }}")]
    [InlineData("{{ s = 'aaaaaaaaaa'; for i in 1..60; capture t; s; s; end; s = t; end }}")]
    [InlineData("{{ s = 'a'; for i in 1..60; capture t; s; s; end; s = $\"{t}{t}\"; end }}")]
    [InlineData("{{ func f(n); ret n > 0 ? (f (n - 1)) + (f (n - 1)) : 'aaaaaaaaaa'; end; f 45 }}")]
    [InlineData("{{ for i in 1..1000; x = 'x' | string.pad_left 190000 | string.pad_right 190001; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; t = s + i; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; t = $\"{s}{i}\"; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; t = s | string.upcase | string.downcase; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; t = s | truncate 160000; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; link s s; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; mention s; end }}")]
    [InlineData("{{ " + Long + "x = event.time | date s }}")]
    // Lists and objects.
    [InlineData("{{ a = ['x']; for i in 1..60; a = [a, a]; end; a | json }}")]
    [InlineData("{{ a = ['x']; for i in 1..60; a = [a, a]; end; $\"{a}\" }}")]
    [InlineData("{{ a = [payload, payload]; for i in 1..18; a = [a, a]; end; a | json }}")]
    [InlineData("{{ a = { x: payload, y: payload }; for i in 1..18; a = { x: a, y: a }; end; math.format a 'x' }}")]
    [InlineData("{{ " + Long + "a = [s]; for i in 1..18; a = [a, a]; end; a | json }}")]
    [InlineData("{{ " + Long + "a = { x: s }; for i in 1..18; a = { x: a, y: a }; end; math.format a 'x' }}")]
    [InlineData("{{ " + Long + "a = { x: s }; for i in 1..90; a = { x: a }; end; a | truncate 5 }}")]
    [InlineData("{{ " + Long + "capture c; 'a'; s; end; a = [c]; for i in 1..18; a = [a, a]; end; a | json }}")]
    [InlineData("{{ a = [1]; for i in 1..60; a = a + a; end; a | array.size }}")]
    [InlineData("{{ a = [1]; for i in 1..60; a = array.concat a a; end; a | json }}{{ a }}")]
    [InlineData("{{ a = [1]; for i in 1..60; a = a | array.add a; end; a | json }}")]
    [InlineData("{{ a = [1] * 2000000000 }}")]
    [InlineData("{{ a = []; a[2000000000] = 1 }}")]
    [InlineData("{{ a = [] | array.insert_at 2000000000 1 }}")]
    [InlineData("{{ a = 1..2000000000; a | json }}{{ a }}")]
    [InlineData("{{ " + Long + "a = s | string.split 'b'; for i in 1..900; a = s | string.split 'a'; end }}")]
    [InlineData("{{ a = []; for i in 1..900; a = a | array.add { n: i, a: a }; end; a | json }}")]
    [InlineData("{{ a = ['\"']; for i in 1..60; a = a | array.each @string.literal; end; a }}")]
    [InlineData("{{ a = ['\"']; for i in 1..60; a = a | array.each @json; end; a | array.join '' }}")]
    [InlineData("{{ a = ['\\\\']; for i in 1..60; a = a | array.each @string.escape; end; for x in a; x; end }}")]
    // Searches and patterns.
    [InlineData("{{ " + Long + "t = (s | string.slice 0 80000) + 'b'; s | string.remove_last t }}")]
    [InlineData("{{ " + Long + "t = (s | string.slice 0 80000) + 'b'; s | string.remove_first t }}")]
    [InlineData("{{ " + Long + "t = (s | string.slice 0 80000) + 'b'; s | string.replace_first t 'x' }}")]
    [InlineData("{{ " + Long + "t = (s | string.slice 0 80000) + 'b'; s | string.index_of t null null 'OrdinalIgnoreCase' }}")]
    [InlineData("{{ " + Long + "t = (s | string.slice 0 80000) + 'b'; for i in 1..900; x = s | string.split t; end }}")]
    [InlineData("{{ " + Long + "for i in 1..900; x = s | string.contains (s + 'b'); end }}")]
    [InlineData("{{ " + Long + "x = s | regex.matches '()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()' }}")]
    [InlineData("{{ " + Long + "x = s | regex.split '()()()()()()()()()()()()()()()()()()()()()()()()()()()()()()' }}")]
    [InlineData("{{ " + Long + "for i in 1..900; x = s | regex.matches 'a'; end }}")]
    [InlineData("{{ " + Long + "x = s | regex.replace '()' (s | string.replace 'a' '$1') }}")]
    [InlineData("{{ " + Long + "r = '$&'; for i in 1..12; r = r + r; end; s | regex.replace 'a+' r }}")]
    [InlineData("{{ " + Long + "r = '$_'; for i in 1..12; r = r + r; end; s | regex.replace '^a' r }}")]
    [InlineData("{{ " + Long + "x = 'a' | regex.match (s | string.replace 'a' '(') }}")]
    [InlineData("{{ " + Long + "for i in 1..900; x = s | regex.match '(a*)*b'; end }}")]
    // Numbers.
    [InlineData("{{ 1 << 1048576 }}")]
    [InlineData("{{ n = 7; for i in 1..60; n = n * n; end; n }}")]
    [InlineData("{{ a = []; for i in 1..900; a[i] = 1 << 1000000; end; a | json }}")]
    // Markdown that the template writes.
    [InlineData("{{ for i in 1..1000 }}a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*{{ end }}")]
    [InlineData("{{ for i in 1..500 }}[[[[[[[[[[[[[[[[[[[[{{ end }}{{ for i in 1..500 }}]]]]]]]]]]]]]]]]]]]]{{ end }}")]
    [InlineData("{{ for i in 1..1000 }}>>>>>>>>>>>>>>>>>>>>{{ end }}a")]
    [InlineData("{{ for i in 1..300 }}|-{{ end }}\n{{ for i in 1..300 }}|-{{ end }}\n{{ for i in 1..300 }}|\n|\n|\n{{ end }}")]
    [InlineData("{{ for i in 1..1000 }}a\n=\n\n- b\n> c\n\n{{ end }}")]
    public async Task Render_Bomb_IsStopped(string template)
    {
        var (error, allocated) = await RenderAsync("default.sbn", template, ChatPlatform.Slack);

        Assert.NotNull(error);
        Assert.True(allocated < MaxAllocated, $"{allocated:N0} bytes: {error}");
    }

    // A chain of list functions that is thousands long overflowed the stack, which ends the process.
    [Theory]
    [InlineData("a | array.each @json")]
    [InlineData("a | array.each @string.upcase")]
    [InlineData("a | array.reverse")]
    [InlineData("a | array.filter @object.typeof")]
    [InlineData("a | array.uniq")]
    [InlineData("a | array.limit 1")]
    [InlineData("a | array.offset 0")]
    [InlineData("a | array.map 'size'")]
    [InlineData("array.concat [] a")]
    [InlineData("a + []")]
    [InlineData("a * 1")]
    [InlineData("a << 1")]
    [InlineData("[[a]]")]
    [InlineData("{ x: a }")]
    [InlineData("[a] | array.first")]
    public async Task Render_LongChain_DoesNotEndTheProcess(string step)
    {
        var chain = string.Concat(Enumerable.Repeat($"{{{{ for i in 1..900; a = {step}; end }}}}", 60));

        var (_, allocated) = await RenderAsync("default.sbn", "{{ a = [1] }}" + chain + "{{ a }}{{ a | json }}.", ChatPlatform.Slack);

        Assert.True(allocated < MaxAllocated, $"{allocated:N0} bytes");
    }

    // An error that passes through many calls inside each other overflowed the stack.
    [Theory]
    [InlineData("", "[x] | array.each @f", "")]
    [InlineData("string.upcase ", "[x] | array.filter @f", "")]
    [InlineData("'a' + ", "f 1", "")]
    [InlineData("", "[x] | array.each @f | array.each @f | array.each @f", " | array.each @f")]
    public async Task Render_CallsInsideCalls_AreStopped(string before, string call, string after)
    {
        var open = string.Concat(Enumerable.Repeat("(" + before, 60));
        var close = string.Concat(Enumerable.Repeat(after + ")", 60));

        var (error, _) = await RenderAsync(
            "default.sbn", $"{{{{ func f(x); ret {open}{call}{close}; end; f 1 }}}}", ChatPlatform.Slack);

        Assert.Contains("nested too deeply", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a*", 10_000)]
    [InlineData("[", 20_000)]
    [InlineData("![", 10_000)]
    [InlineData("[a](", 5_000)]
    [InlineData(">", 20_000)]
    [InlineData("~~a", 6_600)]
    [InlineData("_*~~a", 4_000)]
    [InlineData("a|b\n-|-\n", 2_500)]
    [InlineData("```\n", 5_000)]
    [InlineData("`", 20_000)]
    public async Task Render_MarkdownOfAHostileValue_IsShownAsText(string text, int times)
    {
        var value = string.Concat(Enumerable.Repeat(text, times));
        var template = "{{ for i in 1..5; x = payload.value | markdown; end; payload.value | markdown | truncate 50 }}.";

        var (error, allocated) = await RenderAsync("default.sbn", template, ChatPlatform.Slack, value);

        Assert.Null(error);
        Assert.True(allocated < MaxAllocated, $"{allocated:N0} bytes");
    }

    [Theory]
    [InlineData("slack", "{\"type\":\"divider\"},{\"type\":\"divider\"},{\"type\":\"divider\"},", true)]
    [InlineData("slack", "{\"type\":\"divider\",\"x\":1},", false)]
    [InlineData("slack", "{\"type\":\"unknown_kind\",\"x\":[1]},", false)]
    [InlineData("slack", "{\"type\":\"actions\",\"elements\":[{\"type\":\"button\",\"action_id\":\"a\"}]},", true)]
    [InlineData("slack", "{{ a = []; for j in 1..9; a[j] = payload; end; a }},", true)]
    [InlineData("slack", "*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <*a <", true)]
    [InlineData("teams", "{\"type\":\"Nosuch\",\"x\":1},", false)]
    [InlineData("teams", "{\"type\":\"TextBlock\",\"text\":\"a\",\"x\":1},", false)]
    [InlineData("teams", "*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](*a [b](", true)]
    public async Task Render_JsonBomb_IsStopped(string platform, string repeated, bool isError)
    {
        var isText = repeated.StartsWith('*');
        var (start, end) = (platform, isText) switch
        {
            ("slack", true) => ("{\"text\":\"", "\"}"),
            ("slack", _) => ("[", "]"),
            (_, true) => ("{\"type\":\"AdaptiveCard\",\"body\":[{\"type\":\"TextBlock\",\"text\":\"", "\"}]}"),
            _ => ("{\"type\":\"AdaptiveCard\",\"body\":[", "]}"),
        };
        var template = $$$"""{{{start}}}{{ for i in 1..990 }}{{{repeated}}}{{ end }}{{{end}}}""";

        var (error, allocated) = await RenderAsync($"{platform}/default.json.sbn", template, ChatPlatforms.Parse(platform)!.Value);

        Assert.Equal(isError, error is not null);
        Assert.True(allocated < MaxAllocated, $"{allocated:N0} bytes: {error}");
    }

    [Fact]
    public async Task Render_PayloadOfManyValues_IsReadInPart()
    {
        using var folder = new TemplateFolder(("default.sbn", "{{ a = payload.lists; a.size > 1000 }} {{ defect.title }}"));
        var lists = string.Join(',', Enumerable.Repeat("""{"a":{}}""", 100_000));
        var defectEvent = EventOf($"\"lists\":[{lists}]");

        var (error, allocated) = await RenderAsync(folder, ChatPlatform.Slack, defectEvent);

        Assert.Null(error);
        Assert.True(allocated < MaxAllocated, $"{allocated:N0} bytes");
    }

    private static async Task<(string? Error, long Allocated)> RenderAsync(
        string file, string template, ChatPlatform platform, string value = "value")
    {
        using var folder = new TemplateFolder((file, template));
        var defectEvent = EventOf($"\"value\":{JsonSerializer.Serialize(value)},\"list\":[1,\"two\",{{\"three\":null}}]");
        return await RenderAsync(folder, platform, defectEvent);
    }

    private static DefectEvent EventOf(string members) => WebhookParser.Parse(
        Encoding.UTF8.GetBytes("""{"event_name":"x.y","payload":{"id":1,"title":"T",""" + members + "}}"), "").Event!;

    private static async Task<(string? Error, long Allocated)> RenderAsync(TemplateFolder folder, ChatPlatform platform, DefectEvent value)
    {
        var store = folder.Load();
        Assert.Empty(store.Errors);
        var renderer = new MessageRenderer(store, PlatformFormats.Formatters, new QaseOptions(), TimeProvider.System);
        var request = new RenderRequest { Event = value, ReceivedAt = Some.Moment, Platform = platform };
        var rendering = Task.Run(() =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = renderer.Render(request);
            Assert.NotEmpty(result.Message.Json.ToArray());
            return (result.Error?.ToString(), GC.GetAllocatedBytesForCurrentThread() - before);
        });
        return await rendering.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }
}
