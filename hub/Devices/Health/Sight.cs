namespace ThreeClassrooms.Hub.Devices.Health;

/// <summary>Whether the hub itself can see: what it does not hear while its own link to the broker is lost says nothing about devices.</summary>
/// <param name="Since">UTC: when it lost, or regained, its link.</param>
/// <param name="BlindFrom">UTC: when the last blindness began; null: it has been blind since its start.</param>
internal sealed record Sight(bool Blind, DateTimeOffset Since, DateTimeOffset? BlindFrom)
{
    /// <summary>A hub that just started has seen nothing yet.</summary>
    public static Sight Started(DateTimeOffset at) => new(true, at, null);

    public Sight On(bool blind, DateTimeOffset at) =>
        blind == Blind ? this
        : blind ? new Sight(true, at, at)
        : new Sight(false, at, BlindFrom);
}
