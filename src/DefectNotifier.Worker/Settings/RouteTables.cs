using DefectNotifier.Delivery.Sending;
using DefectNotifier.Routing;

namespace DefectNotifier.Worker.Settings;

/// <summary>Creates the route table of valid settings.</summary>
internal static class RouteTables
{
    public static RouteTable Create(NotifierSettings settings, IReadOnlyList<IDestinationType> types, string? version = null) =>
        new(settings.Routes, version)
        {
            Destinations = settings.Destinations.ToDictionary(
                options => options.Name,
                options => new RoutedDestination(CanChange(options, types), options.Digest),
                StringComparer.OrdinalIgnoreCase),
        };

    /// <summary>True when messages in this destination can be changed after they were posted.</summary>
    public static bool CanChange(DestinationOptions options, IReadOnlyList<IDestinationType> types) =>
        types.First(type => type.Name == options.Type).UpdateLimitOf(options) is not null;
}
