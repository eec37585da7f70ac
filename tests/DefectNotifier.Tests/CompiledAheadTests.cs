using DefectNotifier.Rendering.Templates;
using DefectNotifier.Sqlite;
using DefectNotifier.Worker;
using Microsoft.Extensions.Logging;

namespace DefectNotifier.Tests;

public sealed class CompiledAheadTests
{
    [Fact]
    public void Types_LoggersThatServicesAskFor_AreAllNamed()
    {
        var wanted = new[] { typeof(TemplateStore), typeof(SqliteOutbox), typeof(CompiledAhead) }
            .SelectMany(one => one.Assembly.GetTypes())
            .SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>))
            .ToHashSet();

        Assert.NotEmpty(wanted);
        Assert.Empty(wanted.Except(CompiledAhead.Types));
        Assert.Empty(wanted.Select(logger => typeof(Logger<>).MakeGenericType(logger.GetGenericArguments())).Except(CompiledAhead.Types));
    }
}
