namespace ThreeClassrooms.Hub.Streams;

/// <summary>Why a stream that is published does not show what it should. Told by name, in camel case.</summary>
internal enum StreamTrouble
{
    /// <summary>The publisher is connected, and nothing has come of it for some seconds.</summary>
    NothingComes,

    /// <summary>What comes cannot be decrypted.</summary>
    NotAuthentic,

    /// <summary>A picture was announced; none has come.</summary>
    NoPicture,

    /// <summary>Pictures come, but none that decoding could begin with.</summary>
    NoKeyFrame,

    /// <summary>H.264 without parameter sets: nobody can decode it.</summary>
    NoParameterSets,

    /// <summary>A good part of the packets is of a kind that was not agreed on, or malformed.</summary>
    PacketsUnusable,
}
