using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Updating;

/// <summary>Why a release is not taken, before anything is tried.</summary>
internal enum UpdateRefusal
{
    InLesson,
    NotReplaceable,
    NoRelease,
    Download,
    Checksum,
    Signature,
    NoSpace,
    Package,
}

internal static class UpdateRefusals
{
    /// <summary>The contract's word for it.</summary>
    public static string Word(this UpdateRefusal refusal) => refusal switch
    {
        UpdateRefusal.InLesson => UpdateReasons.InLesson,
        UpdateRefusal.NotReplaceable => UpdateReasons.NotReplaceable,
        UpdateRefusal.NoRelease => UpdateReasons.NoRelease,
        UpdateRefusal.Download => UpdateReasons.Download,
        UpdateRefusal.Checksum => UpdateReasons.Checksum,
        UpdateRefusal.Signature => UpdateReasons.Signature,
        UpdateRefusal.NoSpace => UpdateReasons.NoSpace,
        UpdateRefusal.Package => UpdateReasons.Package,
    };
}
