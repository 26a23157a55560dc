using ThreeClassrooms.Hub.Devices.Rooms;
using ThreeClassrooms.TestKit.Time;

namespace ThreeClassrooms.Hub.Tests.Devices.Rooms;

public sealed class RoomDoorsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Ticket_OpensTheRoomOfItsDevice_AndNoTicketOrSessionIsTheOther()
    {
        var doors = new RoomDoors(_time);
        string ticket = doors.Show("device-1").Ticket;
        string session = doors.Open(ticket)!.Value.Session;
        Assert.Equal("device-1", doors.DeviceOf(session));
        Assert.Null(doors.DeviceOf(ticket));
        Assert.Null(doors.Open(session));
        Assert.Null(doors.Open(null));
        Assert.Null(doors.Open(new string('x', 5000)));
    }

    [Fact]
    public void TicketAndSession_RunOut()
    {
        var doors = new RoomDoors(_time);
        string ticket = doors.Show("device-1").Ticket;
        string session = doors.Open(ticket)!.Value.Session;
        _time.Advance(RoomDoors.TicketLives);
        Assert.Null(doors.Open(ticket));
        Assert.NotNull(doors.DeviceOf(session));
        _time.Advance(RoomDoors.SessionLives);
        Assert.Null(doors.DeviceOf(session));
    }

    [Fact]
    public void OfOneDevice_OnlyTheNewestTicketsAndSessionsCount()
    {
        var doors = new RoomDoors(_time);
        string other = doors.Show("device-2").Ticket;
        List<string> tickets = [];
        for (int i = 0; i < 20; i++)
        {
            tickets.Add(doors.Show("device-1").Ticket);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(RoomDoors.MostTickets, tickets.Count(t => doors.Open(t) is not null));
        Assert.NotNull(doors.Open(other));
    }
}
