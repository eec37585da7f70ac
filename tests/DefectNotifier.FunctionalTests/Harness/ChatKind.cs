namespace DefectNotifier.FunctionalTests.Harness;

/// <summary>The kinds of destination, by the word in <c>Type</c>.</summary>
public enum ChatKind
{
    SlackWebhook,
    SlackBot,
    Teams,
}
