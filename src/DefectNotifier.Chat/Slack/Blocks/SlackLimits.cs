namespace DefectNotifier.Chat.Slack.Blocks;

/// <summary>
/// Slack's limits. Lengths are in UTF-16 units after escaping: Slack does not document what it counts, and this is never less.
/// </summary>
internal static class SlackLimits
{
    /// <summary>More blocks give <c>invalid_blocks</c>. docs.slack.dev/reference/block-kit/blocks</summary>
    public const int Blocks = 50;

    /// <summary>More give <c>too_many_attachments</c>. docs.slack.dev/reference/methods/chat.postMessage</summary>
    public const int Attachments = 100;

    /// <summary>
    /// All text of all blocks together. Undocumented: 9,597 characters were accepted, 11,341 gave <c>msg_blocks_too_long</c>
    /// (github.com/slackapi/bolt-js issues 2509 and 2867).
    /// </summary>
    public const int AllText = 9_500;

    /// <summary>
    /// All text and the JSON around it. Undocumented: 15,561 characters were accepted, 17,694 were rejected (same issues).
    /// </summary>
    public const int AllJson = 15_500;

    /// <summary>
    /// Of <c>text</c>. chat.postMessage splits a text of more than about 4,040 characters into several messages; chat.update rejects more
    /// than 4,000.
    /// </summary>
    public const int FallbackText = 3_000;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/header-block</summary>
    public const int HeaderText = 150;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/section-block</summary>
    public const int FieldsPerSection = 10;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/section-block</summary>
    public const int FieldText = 2_000;

    /// <summary>Of any text object. docs.slack.dev/reference/block-kit/composition-objects/text-object</summary>
    public const int ObjectText = 3_000;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/context-block</summary>
    public const int ContextElements = 10;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/table-block</summary>
    public const int TableRows = 100;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/table-block</summary>
    public const int TableColumns = 20;

    /// <summary>With the heading. docs.slack.dev/reference/block-kit/blocks/data-table-block</summary>
    public const int DataTableRows = 201;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/card-block</summary>
    public const int CardActions = 3;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/carousel-block</summary>
    public const int CarouselCards = 10;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/container-block</summary>
    public const int ContainerBlocks = 10;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/context-actions-block</summary>
    public const int ContextActions = 5;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/actions-block</summary>
    public const int ButtonsPerBlock = 25;

    /// <summary>docs.slack.dev/reference/block-kit/block-elements/button-element</summary>
    public const int ButtonText = 75;

    /// <summary>docs.slack.dev/reference/block-kit/blocks/image-block</summary>
    public const int AltText = 2_000;
}
