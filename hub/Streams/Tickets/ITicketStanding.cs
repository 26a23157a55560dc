namespace ThreeClassrooms.Hub.Streams;

/// <summary>Knows whether the one a ticket was issued to still has the right to it.</summary>
internal interface ITicketStanding
{
    ValueTask<bool> StandsAsync(string owner, CancellationToken cancel);
}
