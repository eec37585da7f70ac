namespace DefectNotifier.Storage;

/// <summary>A text in the bytes in which SQLite keeps it: what is written often need not be turned into them each time.</summary>
internal sealed record Utf8Text(byte[] Bytes);
