using System.Net;
using System.Net.Http.Headers;

namespace ThreeClassrooms.Agent.Tests.Updating;

/// <summary>A hub that hands out one package, as it is told to: whole, from where it was left, or in pieces.</summary>
internal sealed class FakeShelf(byte[] package) : HttpMessageHandler
{
    /// <summary>Each answer ends after so many bytes, as when a line breaks; beyond the list the rest comes.</summary>
    public Queue<int> Breaks { get; } = new();

    /// <summary>Answers instead of the package, while there are any.</summary>
    public Queue<HttpStatusCode> Instead { get; } = new();

    public bool KnowsRanges { get; set; } = true;

    /// <summary>Adds to where a range is said to begin.</summary>
    public int Skew { get; set; }

    public List<string> Asked { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        Assert.Equal("token", request.Headers.Authorization?.Parameter);
        Asked.Add($"{request.RequestUri!.AbsolutePath} {request.Headers.Range}".TrimEnd());
        if (Instead.TryDequeue(out HttpStatusCode other))
        {
            return Task.FromResult(new HttpResponseMessage(other));
        }

        int from = KnowsRanges ? (int)(request.Headers.Range?.Ranges.Single().From ?? 0) : 0;
        if (from >= package.Length)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable));
        }

        byte[] rest = package[from..];
        var response = new HttpResponseMessage(from > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
        {
            Content = new StreamContent(Breaks.TryDequeue(out int most) ? new BreakingStream(rest[..Math.Min(most, rest.Length)]) : new MemoryStream(rest)),
        };
        if (from > 0)
        {
            response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from + Skew, package.Length - 1 + Skew, package.Length + Skew);
        }

        return Task.FromResult(response);
    }

    /// <summary>Gives what it has, then breaks.</summary>
    private sealed class BreakingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new HttpIOException(HttpRequestError.ResponseEnded) : base.ReadAsync(buffer, cancellationToken);
    }
}
