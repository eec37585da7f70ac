namespace DefectNotifier.Chat.Sandbox;

/// <summary>Some characters that look the same.</summary>
public readonly record struct TextRun(string Text, TextStyle Style = TextStyle.Plain);
