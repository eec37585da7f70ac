using Microsoft.AspNetCore.Http;

namespace DefectNotifier.Console;

/// <summary>
/// Serves the console: its files below <c>/console/assets/</c>, and its page at every other path below <c>/console/</c>, because the page
/// shows what its address names.
/// </summary>
public static class ConsolePages
{
    public const string Root = "/console/";

    // Most processes never show the console.
    private static readonly Lazy<ConsoleFiles> Files = new(ConsoleFiles.Load);

    public static Task ServeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!path.StartsWith(Root, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Redirect(Root);
            return Task.CompletedTask;
        }

        if (!path.StartsWith(ConsoleFiles.Folder, StringComparison.Ordinal))
            return Files.Value.Page.SendAsync(context, isImmutable: false);
        var file = Files.Value.Find(path[ConsoleFiles.Folder.Length..], out var isImmutable);
        if (file is not null) return file.SendAsync(context, isImmutable);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
