using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Streams;
using ThreeClassrooms.Hub.Streams.Tickets;

namespace ThreeClassrooms.Hub.Tests.Streams;

public sealed class MediaTicketsTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 1, 8, 0, 0, TimeSpan.Zero);
    private readonly MediaTickets _tickets = new(new byte[32]);
    private readonly Guid _lesson = Guid.NewGuid();

    [Fact]
    public void Ticket_SaysWhatItWasIssuedFor()
    {
        MediaTicket ticket = _tickets.Issue(_lesson, "o-校长", "host-camera", MediaDirection.Watch, StreamSource.Browser, Now);

        TicketClaims claims = _tickets.Verify(ticket.Token, Now.AddSeconds(119)).Value;
        Assert.Equal((_lesson, "o-校长", "host-camera"), (claims.LessonId, claims.SeatId, claims.StreamId));
        Assert.Equal((MediaDirection.Watch, StreamSource.Browser), (claims.Direction, claims.Source));
        Assert.Equal($"/whep/{_lesson}/host-camera", ticket.Url);
    }

    [Fact]
    public void Ticket_IsWorthNothingAfterItsTime()
    {
        MediaTicket ticket = _tickets.Issue(_lesson, "r1", "r1-camera", MediaDirection.Publish, StreamSource.Device, Now);
        Assert.Equal(TicketRefusal.Expired, _tickets.Verify(ticket.Token, ticket.ExpiresAt).Refusal);
    }

    [Fact]
    public void TicketOfAnotherKey_IsRefused()
    {
        var other = new MediaTickets([.. Enumerable.Repeat((byte)1, 32)]);
        MediaTicket ticket = other.Issue(_lesson, "r1", "r1-camera", MediaDirection.Publish, StreamSource.Device, Now);
        Assert.Equal(TicketRefusal.BadSignature, _tickets.Verify(ticket.Token, Now).Refusal);
    }

    [Fact]
    public void NoChangedCharacterPasses()
    {
        string token = _tickets.Issue(_lesson, "r1", "r1-camera", MediaDirection.Publish, StreamSource.Device, Now).Token;
        for (int i = 0; i < token.Length; i++)
        {
            char changed = token[i] == 'A' ? 'Q' : 'A'; // differ in a bit that counts even in a last, padded group
            string forged = token[..i] + changed + token[(i + 1)..];
            Assert.False(_tickets.Verify(forged, Now).IsOk, $"changed at {i}");
        }
    }

    [Fact]
    public void AnyText_IsReadOrRefused() =>
        Prop.ForAll<string>(text => !_tickets.Verify(text ?? "", Now).IsOk).QuickCheckThrowOnFailure();

    [Fact]
    public void Key_IsMadeOnceAndKept_ForItsUserOnly()
    {
        string folder = Directory.CreateTempSubdirectory("keys-").FullName;
        string path = Path.Combine(folder, "keys", "ticket.key");
        byte[] first = TicketKey.LoadOrCreate(path);
        Assert.Equal(first, TicketKey.LoadOrCreate(path));
        Assert.Equal(32, first.Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Directory.Delete(folder, recursive: true);
    }
}
