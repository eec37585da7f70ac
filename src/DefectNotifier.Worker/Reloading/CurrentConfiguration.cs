namespace DefectNotifier.Worker.Reloading;

/// <summary>What is in force.</summary>
internal sealed class CurrentConfiguration(NotifierConfiguration first)
{
    private volatile NotifierConfiguration _value = first;

    public NotifierConfiguration Value => _value;

    public void Exchange(NotifierConfiguration next) => _value = next;
}
