using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>
/// The logins of browsers. They are only in memory, so they end with the process; and only as a hash, so that the memory of the process
/// does not contain what a browser has to send.
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>The maximum number of sessions; beyond it, the one that was unused for the longest time ends.</summary>
    public const int Max = 256;

    /// <summary>The maximum for one secret, so that its logins do not end the sessions of others.</summary>
    public const int MaxPerSecret = 64;

    private const int TokenBytes = 32;

    /// <summary>A session ends when it was not used for this time.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(12);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Starts a session.</summary>
    /// <param name="secretDigest">The digest of the secret that was sent; the session is valid as long as that secret is accepted.</param>
    /// <returns>What the browser has to send.</returns>
    public string Open(byte[] secretDigest)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        lock (_lock)
        {
            var same = _sessions.Where(one => one.Value.SecretDigest.AsSpan().SequenceEqual(secretDigest)).ToList();
            if (same.Count >= MaxPerSecret) EndOldest(same);
            else if (_sessions.Count >= Max) EndOldest(_sessions);
            _sessions[KeyOf(token)] = new Session(secretDigest, time.GetTimestamp());
        }

        return token;
    }

    /// <summary>The digest of the secret that the session was started with; null: there is no such session.</summary>
    /// <param name="token">What the browser sent.</param>
    /// <param name="isUse">True: the session is used now. False: only check whether it still exists.</param>
    public byte[]? Find(string token, bool isUse = true)
    {
        var (key, now) = (KeyOf(token), time.GetTimestamp());
        lock (_lock)
        {
            if (!_sessions.TryGetValue(key, out var session)) return null;
            if (time.GetElapsedTime(session.LastUsed, now) >= IdleTimeout)
            {
                _sessions.Remove(key);
                return null;
            }

            if (isUse) _sessions[key] = session with { LastUsed = now };
            return session.SecretDigest;
        }
    }

    public void Close(string token)
    {
        lock (_lock) _sessions.Remove(KeyOf(token));
    }

    private void EndOldest(IEnumerable<KeyValuePair<string, Session>> among) =>
        _sessions.Remove(among.MinBy(one => one.Value.LastUsed).Key);

    private static string KeyOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Session(byte[] SecretDigest, long LastUsed);
}
