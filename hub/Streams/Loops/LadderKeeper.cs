using ThreeClassrooms.Contracts;
using ThreeClassrooms.Media.Forwarding;

namespace ThreeClassrooms.Hub.Streams.Loops;

/// <summary>
/// Once a second: what each seat's line carries is dealt out among the pictures it watches, in the order of the ladder; under load,
/// pictures that a lesson can do without are held back. Belongs to the loop.
/// </summary>
internal sealed class LadderKeeper
{
    private readonly Dictionary<(Guid, string), List<MediaConnection>> _seats = [];
    private readonly List<Rung> _rungs = [];

    public void Apply(IReadOnlyCollection<MediaConnection> connections, LoadLevel load)
    {
        foreach (List<MediaConnection> list in _seats.Values)
        {
            list.Clear();
        }

        foreach (MediaConnection connection in connections)
        {
            if (connection is { Subscription: not null, WasUp: true })
            {
                (Guid, string) seat = (connection.Key.LessonId, connection.Claims.SeatId);
                if (!_seats.TryGetValue(seat, out List<MediaConnection>? list))
                {
                    _seats[seat] = list = [];
                }

                list.Add(connection);
            }
        }

        foreach (((Guid, string) seat, List<MediaConnection> list) in _seats)
        {
            if (list.Count == 0)
            {
                _seats.Remove(seat);
            }
            else
            {
                Deal(list, load);
            }
        }
    }

    private void Deal(List<MediaConnection> watched, LoadLevel load)
    {
        long line = 0;
        bool limited = false;
        _rungs.Clear();
        foreach (MediaConnection connection in watched)
        {
            Subscription subscription = connection.Subscription!;
            long estimate = subscription.Downlink.BitsPerSecond;
            limited |= estimate != DownlinkEstimator.Unlimited;
            line += estimate == DownlinkEstimator.Unlimited ? subscription.SendRate : estimate;
            _rungs.Add(RungOf(connection, subscription));
        }

        Ladder.Deal(limited ? line : DownlinkEstimator.Unlimited, _rungs);
        for (int i = 0; i < watched.Count; i++)
        {
            bool optional = _rungs[i].Rank == LadderRank.OtherRoom && !watched[i].Stream!.Room.IsFeatured(watched[i].Stream!);
            watched[i].Subscription!.SetVideoBudget(load != LoadLevel.Normal && optional ? 0 : _rungs[i].Budget);
        }
    }

    private static Rung RungOf(MediaConnection connection, Subscription subscription)
    {
        RoomStream stream = connection.Stream!;
        LadderRank rank = stream.Seat != FloorGate.Host ? LadderRank.OtherRoom
            : stream.Key.StreamId == StreamIds.HostScreen ? LadderRank.Screen : LadderRank.LecturerCamera;
        return new Rung(rank, subscription.AudioRate, subscription.LeastVideoRate, subscription.IsPausedForLine);
    }
}
