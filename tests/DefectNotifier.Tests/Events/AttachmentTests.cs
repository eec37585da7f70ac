using DefectNotifier.Events;

namespace DefectNotifier.Tests.Events;

public sealed class AttachmentTests
{
    [Theory]
    [InlineData("a", "image/png", true)]
    [InlineData("a.log", "IMAGE/JPEG; q=1", true)]
    [InlineData("a.png", "text/plain", false)]
    [InlineData("a.svg", "image/svg+xml", false)]
    [InlineData("a.webp", "image/webp", false)]
    [InlineData("a.GIF", null, true)]
    [InlineData("a.jpeg", "application/octet-stream", true)]
    [InlineData("a.log", null, false)]
    [InlineData("5f0a", null, false)]
    public void IsImage_TypeOrName_DecidesWhatChatsShow(string name, string? mime, bool isImage) =>
        Assert.Equal(isImage, new Attachment(name, null) { Mime = mime }.IsImage);
}
