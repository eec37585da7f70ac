using DefectNotifier.Files;
using DefectNotifier.Testing;

namespace DefectNotifier.Tests.Files;

public sealed class RegularFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("files-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("fifo", "is not a regular file but a FIFO, a socket or a device")]
    [InlineData("socket", "is not a regular file but a FIFO, a socket or a device")]
    [InlineData("device", "is not a regular file but a FIFO, a socket or a device")]
    [InlineData("folder", "is a folder")]
    [InlineData("sparse", "is larger than 64 kB")]
    [InlineData("loop", "can't be opened: Too many levels of symbolic links")]
    [InlineData("dangling", "does not exist")]
    public async Task Read_AnythingElse_IsAnErrorAtOnce(string kind, string error)
    {
        SpecialFile.Make(kind, PathOf("file"));

        var reading = Task.Run(() => RegularFile.Read(PathOf("file"), 64 * 1024), TestContext.Current.CancellationToken);

        var failure = await Assert.ThrowsAnyAsync<IOException>(
            () => reading.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));
        Assert.Equal(error, failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("\uFEFFwith a mark, ü")]
    public void ReadText_File_IsItsText(string text)
    {
        File.WriteAllText(PathOf("file"), text);
        File.CreateSymbolicLink(PathOf("link"), "file");

        Assert.Equal(text.TrimStart('\uFEFF'), RegularFile.ReadText(PathOf("link"), 100));
    }

    [Fact]
    public void Read_LargestSize_IsRead()
    {
        File.WriteAllBytes(PathOf("file"), new byte[2048]);

        Assert.Equal(2048, RegularFile.Read(PathOf("file"), 2048).Length);
        Assert.Throws<IOException>(() => RegularFile.Read(PathOf("file"), 2047));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
