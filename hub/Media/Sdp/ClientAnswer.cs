namespace ThreeClassrooms.Media.Sdp;

/// <summary>What a server's answer agreed, in the terms of the offer's sections.</summary>
/// <param name="Audio">Null when the offer had no audio or the server took none.</param>
/// <param name="Video">Null when the offer had no video or the server took none.</param>
public sealed record ClientAnswer(RemoteTransport Remote, TrackDescription? Audio, TrackDescription? Video);
