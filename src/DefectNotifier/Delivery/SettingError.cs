namespace DefectNotifier.Delivery;

/// <summary>An error in one setting.</summary>
/// <param name="Key">The key, relative to the section that was checked, for example <c>Url</c>.</param>
/// <param name="Message">What is wrong and what to do; never the value of a secret.</param>
public sealed record SettingError(string Key, string Message);
