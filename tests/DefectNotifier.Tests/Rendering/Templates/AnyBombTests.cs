using CsCheck;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Rendering.Templates;

/// <summary>Random programs of operations that enlarge texts, lists and objects: each run ends, and its allocation is bounded.</summary>
public sealed class AnyBombTests
{
    private const long MaxAllocated = 100_000_000;

    private static readonly Gen<string> Text = AnyTemplate.OneOf("s", "t", "'abc'", "defect.title", "c", "$\"{s}{t}\"");

    private static readonly Gen<string> List = AnyTemplate.OneOf("a", "b", "[s, t]", "payload", "[a, b]", "1..50", "{ x: a, y: s }");

    private static readonly Gen<string> Step = Gen.Select(Gen.Int[0, 25], Text, Text, List, List, Gen.Int[1, 500]).Select(
        (kind, text, other, list, second, number) => kind switch
        {
            0 => $"s = {text} + {other}",
            1 => $"t = $\"{{{text}}}{{{other}}}{{{list}}}{{{text}}}\"",
            2 => $"s = {text} * {number}",
            3 => $"t = {text} | string.replace 'a' {other}",
            4 => $"s = {text} | regex.replace 'b*' {other}",
            5 => $"t = {list} | array.join {text}",
            6 => $"s = {list} | json",
            7 => $"t = {text} | string.pad_left {number * 500}",
            8 => $"s = {text} | string.literal | string.append {other}",
            9 => $"capture c; {text}; {other}; end",
            10 => $"c = {text} | markdown",
            11 => $"a = {list} + {second}",
            12 => $"b = {list} * {number}",
            13 => $"a = [{list}, {second}, {text}]",
            14 => $"b = {{ x: {list}, y: {second}, z: {text} }}",
            15 => $"a = {list} | array.add {second}",
            16 => $"b = {list} | array.concat {second}",
            17 => $"a = {text} | string.split {other}",
            18 => $"b = {text} | regex.matches '(a)(b)?'",
            19 => $"a[{number}] = {list}",
            20 => $"b = {list} | array.insert_at {number} {second}",
            21 => $"n = (n ?? 3) * {number} << {number}",
            22 => $"f = do; ret {text} + {other}; end; s = f",
            23 => $"{text} | truncate {number}",
            24 => $"b = {list} | array.each @{(number % 3 == 0 ? "json" : number % 3 == 1 ? "string.literal" : "markdown")}",
            _ => $"a = {list} | array.filter @string.upcase | array.uniq | array.reverse",
        });

    // Each loop may have as many iterations as the limit allows, so several loops can build longer chains than one.
    private static readonly Gen<string> Program = Gen.Select(Step.Array[1, 8], Gen.Int[1, 60], Gen.Int[1, 15], Gen.Bool).Select(
        (steps, times, loops, isShown) =>
            "{{ s = 'aaaaaaaaab'; t = 'b'; a = [1]; b = { x: 1 }; c = 'c'; "
            + string.Concat(Enumerable.Repeat($"for i in 1..{(loops > 1 ? 900 : times)}; {string.Join("; ", steps)}; end; ", loops))
            + (isShown ? "s; a; b }}." : "}}."));

    [Fact]
    public void Render_AnyProgramThatGrows_EndsWithABoundedAllocation() => Program.Sample(
        program =>
        {
            using var folder = new TemplateFolder(("default.sbn", program));
            var store = folder.Load();
            var rendering = Task.Run(() =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var (_, error) = Rendered.By(store, Some.DefectEvent with { Name = "x.y" }, time: TimeProvider.System);
                return (Error: error?.ToString(), Allocated: GC.GetAllocatedBytesForCurrentThread() - before);
            });

            // Much longer than the renderer's own limits, so only a rendering that never ends fails.
            Assert.True(rendering.Wait(TimeSpan.FromMinutes(1)), "The rendering does not end.");
            Assert.True(rendering.Result.Allocated < MaxAllocated, $"{rendering.Result.Allocated:N0} bytes: {rendering.Result.Error}");
        },
        iter: PropertyCases.Of(500), threads: 2, writeLine: line => TestContext.Current.TestOutputHelper?.WriteLine(line));
}
