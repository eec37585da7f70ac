namespace DefectNotifier.Rendering.Values;

/// <summary>What a template expression wrote, waiting to be put back at its token.</summary>
/// <param name="Text">The literal text; of a date, a link or a mention its wording.</param>
internal readonly record struct TemplateValue(string Text)
{
    /// <summary>A typed value (a date, a link, a mention, Markdown) as running text; null: <see cref="Text"/>, as it is.</summary>
    public IReadOnlyList<MessageInline>? Typed { get; init; }

    /// <summary>What the expression gave (a number, a list, ...), for a place in a JSON template that takes more than text.</summary>
    public object? Data { get; init; }

    public IReadOnlyList<MessageInline> Pieces => Typed ?? [new MessageInline(Text)];

    public static TemplateValue Of(MessageInline piece) => new(piece.Text) { Typed = [piece] };

    /// <summary>The words, for a template that goes on with them: <c>'Seen ' + (event.time | date)</c>.</summary>
    public override string ToString() => Text;
}
