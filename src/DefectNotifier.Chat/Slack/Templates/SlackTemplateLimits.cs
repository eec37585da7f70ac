using DefectNotifier.Chat.JsonTemplates;
using DefectNotifier.Chat.Slack.Blocks;

namespace DefectNotifier.Chat.Slack.Templates;

/// <summary>The maximum length of each text in a JSON template, by its location. docs.slack.dev/reference/block-kit</summary>
internal static class SlackTemplateLimits
{
    public static int Of(TemplateLocation location) => location.Property switch
    {
        "text" when location.Path == "$.text" => SlackLimits.FallbackText,
        "text" when location.OwnerType is "plain_text" or "mrkdwn" => OfTextObject(location.Outer!),
        "block_id" or "action_id" => 255,
        "accessibility_label" => 75,
        "value" when location.OwnerType == "button" => 2_000,
        "value" when location.OwnerType.Length == 0 && !location.IsWithin("attachments") => 150,
        "alt_text" => SlackLimits.AltText,
        "title" when location.IsWithin("attachments") => 1_024,
        "footer" when location.IsWithin("attachments") => 300,
        _ => int.MaxValue,
    };

    private static int OfTextObject(TemplateLocation location) => (location.OwnerType, location.Property) switch
    {
        ("header", _) => SlackLimits.HeaderText,
        ("section", "fields") => SlackLimits.FieldText,
        ("card", "title" or "subtitle") or ("container", "title" or "subtitle") => 150,
        ("card", "body") => 200,
        ("button", "text") => SlackLimits.ButtonText,
        ("image" or "video", _) => 2_000,
        (_, "placeholder") => 150,
        (_, "confirm" or "deny") => 30,
        ("", "title") when location.IsWithin("confirm") => 100,
        ("", "text") when location.IsWithin("confirm") => 300,
        // An option of a select or overflow menu.
        ("", "text" or "description") => 75,
        _ => SlackLimits.ObjectText,
    };
}
