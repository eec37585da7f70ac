using System.Net;
using System.Net.Sockets;

namespace DefectNotifier.Worker.Operations.Access;

/// <summary>
/// Limits the answers to wrong secrets at the login, so that they do not fill the log: five per minute and address. It protects no secret:
/// secrets are too long to be guessed. So a right one always logs in, because all browsers behind a proxy have one address.
/// </summary>
internal sealed class LoginLimit(TimeProvider time)
{
    public const int Tries = 5;

    /// <summary>The maximum number of addresses; beyond it, the one whose last try is the oldest is removed.</summary>
    public const int MaxAddresses = 1024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<long>> _wrong = new(StringComparer.Ordinal);

    /// <summary>How long further wrong secrets of this address are not logged; zero: the next one is.</summary>
    public TimeSpan WaitOf(IPAddress? address)
    {
        lock (_lock)
        {
            if (!_wrong.TryGetValue(KeyOf(address), out var tries)) return TimeSpan.Zero;
            var now = time.GetTimestamp();
            while (tries.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= Window) tries.Dequeue();
            return tries.Count < Tries ? TimeSpan.Zero : Window - time.GetElapsedTime(tries.Peek(), now);
        }
    }

    public void AddWrong(IPAddress? address)
    {
        var key = KeyOf(address);
        lock (_lock)
        {
            if (!_wrong.TryGetValue(key, out var tries))
            {
                if (_wrong.Count >= MaxAddresses) _wrong.Remove(_wrong.MinBy(one => one.Value.LastOrDefault()).Key);
                _wrong.Add(key, tries = new Queue<long>(Tries));
            }

            if (tries.Count == Tries) tries.Dequeue();
            tries.Enqueue(time.GetTimestamp());
        }
    }

    // One sender usually has a whole /64 of IPv6.
    private static string KeyOf(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes()[..8])
            : address.ToString();
    }
}
