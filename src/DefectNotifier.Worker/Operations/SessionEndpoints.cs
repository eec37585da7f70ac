using System.Text.Json.Serialization;
using DefectNotifier.Console;
using DefectNotifier.Outbox.Contract;
using DefectNotifier.Worker.Http;
using DefectNotifier.Worker.Operations.Access;
using DefectNotifier.Worker.Settings;
using Microsoft.AspNetCore.Http.HttpResults;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace DefectNotifier.Worker.Operations;

/// <summary>The console's pages and its login.</summary>
internal static partial class SessionEndpoints
{
    private const string Path = "/console/session";

    public static void Map(WebApplication app)
    {
        string[] reads = [HttpMethods.Get, HttpMethods.Head];
        foreach (var pages in (string[])["/", "/console/{**page}"])
            app.MapMethods(pages, reads, ServePageAsync).NeedsNoLogin().ExcludeFromDescription();
        app.MapGet(Path, FindAsync)
            .NeedsNoLogin()
            .WithSummary("Who is logged in, and what is allowed; responds without a login, too.")
            .WithTags("Console")
            .RejectsWith(Status403Forbidden, Status404NotFound);
        app.MapPost(Path, OpenAsync)
            .NeedsNoLogin()
            .Accepts<LoginRequest>("application/json")
            .WithSummary("Logs a browser in: the response sets a cookie.")
            .WithTags("Console")
            .RejectsWith(
                Status400BadRequest,
                Status403Forbidden,
                Status404NotFound,
                Status413PayloadTooLarge,
                Status415UnsupportedMediaType,
                Status429TooManyRequests);
        app.MapDelete(Path, CloseAsync)
            .NeedsNoLogin()
            .WithSummary("Logs a browser out.")
            .WithTags("Console")
            .RejectsWith(Status403Forbidden, Status404NotFound);
    }

    // A request delegate has no result: a status without a body becomes a problem.
    private static Task ServePageAsync(HttpContext context)
    {
        if (SettingsOf(context).IsConsoleEnabled) return ConsolePages.ServeAsync(context);
        context.Response.StatusCode = Status404NotFound;
        return Task.CompletedTask;
    }

    private static async Task<Results<Ok<SessionView>, ProblemResult>> FindAsync(
        HttpContext context, AccessCheck access, TimeProvider time) =>
        SettingsOf(context).IsConsoleEnabled
            ? TypedResults.Ok(ViewOf(context, await access.FindAsync(context), time))
            : NoConsole;

    private static async Task<Results<Ok<SessionView>, ProblemResult>> OpenAsync(
        HttpContext context,
        OperatorLogin login,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!SettingsOf(context).IsConsoleEnabled) return NoConsole;
        var read = await JsonBody.ReadAsync(context.Request, OperationsJson.Readable.LoginRequest, "secret", cancellationToken);
        if (read.Value is not { } request) return new ProblemResult(read.Problem!);
        var (found, problem) = await login.OpenAsync(context, request.Secret ?? "");
        return problem is null ? TypedResults.Ok(ViewOf(context, found, time)) : new ProblemResult(problem);
    }

    private static async Task<Results<NoContent, ProblemResult>> CloseAsync(HttpContext context, OperatorLogin login)
    {
        if (!SettingsOf(context).IsConsoleEnabled) return NoConsole;
        await login.CloseAsync(context);
        return TypedResults.NoContent();
    }

    private static ProblemResult NoConsole =>
        new(Problem.Of(Status404NotFound, "no-console", "The console is switched off (Console:Enabled)."));

    private static NotifierSettings SettingsOf(HttpContext context) =>
        context.RequestServices.GetRequiredService<Func<NotifierSettings>>()();

    private static SessionView ViewOf(HttpContext context, Operator? found, TimeProvider time) => new(
        found?.Name,
        PermissionWords.WordsOf(found?.May ?? Permissions.None),
        SettingsOf(context).HasOperatorSecret() && found is not null ? time.GetUtcNow() + ISessionStore.IdleTimeout : null,
        IsLoginNeeded: found is null,
        Origins.IsProtected(context.Request, SettingsOf(context)) || !SettingsOf(context).HasOperatorSecret() ? null : NotProtected);

    private const string NotProtected =
        "This connection is not encrypted: the secret can be read in the network. Put a proxy with https in front and set "
        + "Operations:PublicUrl to its address.";
}

/// <summary>The body of a login.</summary>
/// <param name="Secret">One of <c>Operations:Secrets</c> or <c>Operations:Access</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record LoginRequest(string? Secret);

/// <summary>Who sends requests, for the console.</summary>
/// <param name="Name">The operator's name; null: none.</param>
/// <param name="May">Some of <c>read</c>, <c>act</c> and <c>edit</c>.</param>
/// <param name="ExpiresAt">When the login ends if no more requests are sent; null: there is none.</param>
/// <param name="IsLoginNeeded">True when nothing is allowed before a login.</param>
/// <param name="Warning">What is not safe about this connection; null: nothing.</param>
internal sealed record SessionView(
    string? Name, IReadOnlyList<string> May, DateTimeOffset? ExpiresAt, bool IsLoginNeeded, string? Warning);
