using DefectNotifier.Chat.Limits;

namespace DefectNotifier.Chat.Slack;

/// <summary>How long the texts of a JSON template may be, by their place. docs.slack.dev/reference/block-kit</summary>
internal static class SlackTemplateLimits
{
    public static int Of(SchemaPlace place) => place.Property switch
    {
        "text" when place.Path == "$.text" => SlackLimits.FallbackText,
        "text" when place.OwnerType is "plain_text" or "mrkdwn" => OfTextObject(place.Outer!),
        "block_id" or "action_id" => 255,
        "value" when place.OwnerType == "button" => 2_000,
        "value" when place.OwnerType.Length == 0 && !place.IsWithin("attachments") => 150,
        "alt_text" => SlackLimits.AltText,
        "title" when place.IsWithin("attachments") => 1_024,
        "footer" when place.IsWithin("attachments") => 300,
        _ => int.MaxValue,
    };

    private static int OfTextObject(SchemaPlace place) => (place.OwnerType, place.Property) switch
    {
        ("header", _) => SlackLimits.HeaderText,
        ("section", "fields") => SlackLimits.FieldText,
        ("button", "text") => SlackLimits.ButtonText,
        ("image" or "video", _) => 2_000,
        (_, "placeholder") => 150,
        (_, "confirm" or "deny") => 30,
        ("", "title") when place.IsWithin("confirm") => 100,
        ("", "text") when place.IsWithin("confirm") => 300,
        // An option of a select or overflow menu.
        ("", "text" or "description") => 75,
        _ => SlackLimits.ObjectText,
    };
}
