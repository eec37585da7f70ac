namespace DefectNotifier.Postgres.Leases;

/// <summary>The statements about nodes and claims.</summary>
internal static class ClaimSql
{
    public const string Find = "SELECT name, coalesce(owner, 0), epoch FROM claim WHERE name = ANY ($names::text[])";

    public const string Register =
        """
        INSERT INTO node (id, name, version, configuration, started_at, ahead, beat, lease, expires_at)
        VALUES ($id, $name, $version, $configuration, $startedAt, $now - (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
            0, $lease, clock_timestamp() + $lease * interval '1 millisecond')
        """;

    /// <summary>Renews the lease, unless it has ended. One that has ended is never renewed, so others may rely on it.</summary>
    public const string Beat =
        """
        UPDATE node SET beat = node.beat + 1, configuration = $configuration,
            ahead = $now - (extract(epoch FROM clock_timestamp()) * 1000)::bigint,
            expires_at = clock_timestamp() + $lease * interval '1 millisecond'
        WHERE id = $id AND expires_at > clock_timestamp()
        RETURNING ahead
        """;

    /// <summary>The nodes that live.</summary>
    public const string Nodes =
        """
        SELECT id, name, version, configuration, started_at, ahead, beat, lease,
            (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint
        FROM node WHERE expires_at > clock_timestamp() ORDER BY id
        """;

    public const string Claims = "SELECT name, coalesce(owner, 0), epoch, resumes FROM claim ORDER BY name";

    /// <summary>
    /// Takes a name that no living node has claimed, unless another one has a name of the same group. The lock of the outbox keeps other
    /// nodes from taking any of them meanwhile.
    /// </summary>
    public const string Take =
        """
        INSERT INTO claim AS c (name, owner, epoch, resumes)
        SELECT $name, n.id, 1, 0 FROM node AS n WHERE n.id = $owner AND n.expires_at > clock_timestamp()
            AND NOT EXISTS (SELECT 1 FROM claim AS g JOIN node AS h ON h.id = g.owner
                WHERE g.name = ANY ($group::text[]) AND g.owner <> $owner AND h.expires_at > clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = c.epoch + 1
        WHERE NOT EXISTS (SELECT 1 FROM node AS o WHERE o.id = c.owner AND o.expires_at > clock_timestamp())
        RETURNING epoch
        """;

    public const string Release = "UPDATE claim SET owner = NULL WHERE name = $name AND owner = $owner AND epoch = $epoch";

    public const string IsClaimed =
        """
        SELECT 1 FROM claim AS c JOIN node AS n ON n.id = c.owner
        WHERE c.name = $name AND n.expires_at > clock_timestamp()
        """;

    /// <summary>Counted, so that the node that has the lane also learns of it without a notification.</summary>
    public const string CountResume = "UPDATE claim SET resumes = claim.resumes + 1 WHERE name = $name";

    /// <summary>A node that leaves frees everything at once.</summary>
    public const string Leave = "DELETE FROM node WHERE id = $id";

    /// <summary>Ends the lease of another node, unless it was renewed meanwhile.</summary>
    public const string End = "DELETE FROM node WHERE id = $id AND beat = $beat";

    /// <summary>Nodes that have been gone for long; their claims are free anyway.</summary>
    public const string Forget = "DELETE FROM node WHERE expires_at < clock_timestamp() - interval '1 day'";
}
