using System.Globalization;

namespace DefectNotifier.Tests;

/// <summary>
/// How many random cases a property test checks. By default a quarter of all, so that the tests are quick; <c>.ci/run</c> sets
/// <c>PROPERTY_CASES_PERCENT</c> to 100. For a long run set it to 1000 or more.
/// </summary>
internal static class PropertyCases
{
    /// <summary>The environment variable with the share of the cases, in percent.</summary>
    private const string PercentVariable = "PROPERTY_CASES_PERCENT";

    /// <summary>Fewer cases would not include every kind of value.</summary>
    private const int Min = 50;

    private static readonly int Percent = int.Parse(
        Environment.GetEnvironmentVariable(PercentVariable) ?? "25", CultureInfo.InvariantCulture);

    public static int Of(int all) => (int)Math.Max(Math.Min(all, Min), (long)all * Percent / 100);
}
