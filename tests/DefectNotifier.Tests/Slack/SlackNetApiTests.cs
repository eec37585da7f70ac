#if USE_SLACKNET
using DefectNotifier.Chat.Http;
using DefectNotifier.Chat.Slack.Api;
using DefectNotifier.Delivery.Sending;

namespace DefectNotifier.Tests.Slack;

public sealed class SlackNetApiTests : SlackApiTests
{
    internal override ISlackApi Create(ChatHttp http, Uri baseAddress, Secret token) => new SlackNetApi(http, baseAddress, token);
}
#endif
