using DefectNotifier.Outbox.Contract;
using Microsoft.Extensions.Time.Testing;

namespace DefectNotifier.Tests.Outbox;

/// <summary>What every <see cref="ISessionStore"/> does.</summary>
public abstract class SessionStoreContractTests : IAsyncLifetime
{
    private ISessionStore _sessions = null!;

    protected FakeTimeProvider Time { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sessions = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Find_StoredSession_ReturnsTheFingerprintOfItsSecret()
    {
        await AddAsync("first", "anna", "fingerprint 1");
        await AddAsync("second", operatorName: null, "fingerprint 2");

        Assert.Equal("fingerprint 1", await FindAsync("first"));
        Assert.Equal("fingerprint 2", await FindAsync("second"));
        Assert.Null(await FindAsync("First"));
        Assert.Null(await FindAsync(""));
    }

    [Fact]
    public async Task Find_UnusedForTwelveHours_IsOver()
    {
        await AddAsync("first");

        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync("first"));
        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync("first"));
        Time.Advance(ISessionStore.IdleTimeout);
        Assert.Null(await FindAsync("first"));
    }

    [Fact]
    public async Task Find_OnlyLookedAt_IsNoUse()
    {
        await AddAsync("first");

        Time.Advance(ISessionStore.IdleTimeout - TimeSpan.FromSeconds(1));
        Assert.NotNull(await _sessions.FindAsync("first", isUse: false, Token));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await _sessions.FindAsync("first", isUse: false, Token));
    }

    [Fact]
    public async Task Remove_EndsOnlyThatSession()
    {
        await AddAsync("first");
        await AddAsync("second");
        Assert.NotNull(await FindAsync("first"));

        await _sessions.RemoveAsync("first");
        await _sessions.RemoveAsync("unknown");

        Assert.Null(await FindAsync("first"));
        Assert.NotNull(await FindAsync("second"));
    }

    [Fact]
    public async Task Add_OneTooMany_EndsTheOneUnusedForTheLongestTime()
    {
        var hashes = new List<string>();
        for (var number = 0; number < ISessionStore.Max; number++)
        {
            hashes.Add(await AddAsync($"hash {number}", $"operator {number}"));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        await FindAsync(hashes[0]);
        hashes.Add(await AddAsync("another", "operator 3"));

        Assert.Equal([hashes[1]], await MissingAsync(hashes));
    }

    [Theory]
    [InlineData("anna")]
    [InlineData(null)]
    public async Task Add_ManyOfOneOperator_EndsNoSessionOfAnother(string? operatorName)
    {
        var others = new[] { await AddAsync("other 1", "boris"), await AddAsync("other 2", operatorName is null ? "anna" : null) };
        var hashes = new List<string>();
        for (var number = 0; number < 2 * ISessionStore.MaxPerOperator; number++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            hashes.Add(await AddAsync($"hash {number}", operatorName));
        }

        Assert.Equal(hashes.Take(ISessionStore.MaxPerOperator), await MissingAsync([.. hashes, .. others]));
    }

    /// <summary>Opens an empty store that uses <see cref="Time"/>.</summary>
    protected abstract ValueTask<ISessionStore> OpenAsync();

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    private Task<string?> FindAsync(string hash) => _sessions.FindAsync(hash, isUse: true, Token);

    private async Task<string> AddAsync(string hash, string? operatorName = "anna", string fingerprint = "fingerprint")
    {
        await _sessions.AddAsync(new Session(hash, fingerprint, operatorName));
        return hash;
    }

    private async Task<List<string>> MissingAsync(IEnumerable<string> hashes)
    {
        var missing = new List<string>();
        foreach (var hash in hashes)
            if (await FindAsync(hash) is null) missing.Add(hash);
        return missing;
    }
}
