using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ThreeClassrooms.Media.Srtp;
using ThreeClassrooms.Media.Time;

namespace ThreeClassrooms.Media.Dtls;

/// <summary>
/// One DTLS 1.2 association (RFC 6347) with use_srtp (RFC 5764) on OpenSSL. Datagrams in, datagrams out, time as an argument. One owner.
/// </summary>
internal sealed unsafe class DtlsSession : IDisposable
{
    /// <summary>Largest datagram sent, in bytes.</summary>
    public const int Mtu = 1200;
    private const int LargestIncoming = 2048;
    private const int MasterLength = 48;
    private const int RandomLength = 32;

    // The cipher suites that DtlsIdentity offers, by their numbers (RFC 5289 §3.2).
    private const ushort Aes128Ecdsa = 0xC02B;
    private const ushort Aes256Ecdsa = 0xC02C;
    private const ushort Aes128Rsa = 0xC02F;
    private const ushort Aes256Rsa = 0xC030;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(3);

    // Until 3.2 OpenSSL hands out its own timer, which can then be made to expire by our clock; later versions hand out a copy and
    // expire by the machine's clock, which the driver's clock follows.
    private static readonly bool OwnsTimer = LibSsl.OpenSSL_version_num() < 0x3020_0000;
    private readonly DtlsFingerprint _expected;
    private readonly Action<ReadOnlySpan<byte>> _send;
    private DtlsAlerts? _alerts;
    private GCHandle _self;
    private nint _ssl;
    private byte* _incoming;
    private int _incomingLength;
    private LibSsl.TimeValue* _timer;
    private TimeSpan _retry = FirstRetry;
    private MonoTime _now;

    /// <param name="profiles">Preference order.</param>
    /// <param name="send">Called for each datagram to send, during the calls below; the bytes are not kept.</param>
    public DtlsSession(
        DtlsIdentity identity, bool client, DtlsFingerprint expected, IReadOnlyList<SrtpProfile> profiles, Action<ReadOnlySpan<byte>> send)
    {
        ObjectDisposedException.ThrowIf(identity.Context == 0, identity);
        (_expected, _send) = (expected, send);
        _ssl = LibSsl.SSL_new(identity.Context);
        if (_ssl == 0 || LibSsl.SSL_set_tlsext_use_srtp(_ssl, string.Join(':', profiles.Select(NameOf))) != 0)
        {
            Dispose();
            throw new InvalidOperationException("libssl refused a DTLS session");
        }

        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        var bio = DatagramBio.Create(_self);
        LibSsl.SSL_set_bio(_ssl, bio, bio);
        _ = LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlSetMtu, Mtu, null);
        LibSsl.DTLS_set_timer_cb(_ssl, &OnTimerDuration);
        if (client)
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }

        IsClient = client;
    }

    public bool IsClient { get; }

    public DtlsState State { get; private set; }

    /// <summary>Why it is <see cref="DtlsState.Failed"/>: the peer's certificate is not the expected one.</summary>
    public bool BadFingerprint { get; private set; }

    /// <summary>Set when connected; <see cref="SrtpProfile.None"/> when none was agreed.</summary>
    public SrtpProfile Profile { get; private set; }

    /// <summary>Only alerts are told and understood any more (<see cref="ReleaseHandshake"/>).</summary>
    public bool IsReleased => _alerts is not null;

    public MonoTime? NextDeadline { get; private set; }

    /// <summary>Sends the first flight of a client; a server just waits.</summary>
    public void Start(MonoTime now)
    {
        _now = now;
        if (IsClient && State == DtlsState.Handshaking)
        {
            Advance();
        }
    }

    public void OnDatagram(ReadOnlySpan<byte> wire, MonoTime now)
    {
        if (_alerts is { } alerts)
        {
            if (State == DtlsState.Connected && alerts.SaysEnd(wire))
            {
                State = DtlsState.ClosedByPeer;
            }

            return;
        }

        if (_ssl == 0 || State is DtlsState.Failed or DtlsState.ClosedByPeer || wire.Length is 0 or > LargestIncoming)
        {
            return;
        }

        _now = now;
        fixed (byte* p = wire)
        {
            _incoming = p;
            _incomingLength = wire.Length;
            Advance();
            _incomingLength = 0;
            _incoming = null;
        }
    }

    public void OnTime(MonoTime now)
    {
        if (_ssl == 0 || NextDeadline is not { } due || now < due)
        {
            return;
        }

        _now = now;
        NextDeadline = now + _retry;
        if (OwnsTimer && _timer != null && _timer->Seconds != 0)
        {
            (_timer->Seconds, _timer->Microseconds) = (1, 0);
        }

        LibSsl.ERR_clear_error();
        if (LibSsl.SSL_ctrl(_ssl, LibSsl.CtrlDtlsHandleTimeout, 0, null) < 0 && State == DtlsState.Handshaking)
        {
            Fail();
        }
    }

    /// <summary>Sends close_notify when connected.</summary>
    public void Close(MonoTime now)
    {
        _now = now;
        if (_ssl != 0 && State == DtlsState.Connected)
        {
            LibSsl.ERR_clear_error();
            _ = LibSsl.SSL_shutdown(_ssl);
        }
        else if (_alerts is { } alerts && State == DtlsState.Connected)
        {
            _send(alerts.SealClose());
        }

        NextDeadline = null;
    }

    /// <summary>The SRTP master keys of both directions (RFC 5764 §4.2). Only when connected with a profile.</summary>
    public (SrtpKeys Send, SrtpKeys Receive) ExportKeys()
    {
        var saltLength = SrtpKeys.SaltLength(Profile);
        Span<byte> material = stackalloc byte[(SrtpKeys.KeyLength + saltLength) * 2];
        var label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* m = material, l = label)
        {
            if (LibSsl.SSL_export_keying_material(_ssl, m, (nuint)material.Length, l, (nuint)label.Length, null, 0, 0) != 1)
            {
                throw new InvalidOperationException("libssl refused to export keys");
            }
        }

        // client key | server key | client salt | server salt
        var client = new SrtpKeys(Profile, material[..16].ToArray(), material.Slice(32, saltLength).ToArray());
        var server = new SrtpKeys(Profile, material[16..32].ToArray(), material.Slice(32 + saltLength, saltLength).ToArray());
        CryptographicOperations.ZeroMemory(material);
        return IsClient ? (client, server) : (server, client);
    }

    /// <summary>
    /// Call when connected and the peer has shown that it is too (its media was authentic): nobody will ask for a flight of the handshake again. Frees OpenSSL's part,
    /// some 30 KiB; alerts are still told and understood.
    /// </summary>
    public void ReleaseHandshake()
    {
        if (_ssl == 0 || _alerts is not null || State != DtlsState.Connected)
        {
            return;
        }

        Span<byte> secrets = stackalloc byte[MasterLength + (2 * RandomLength)];
        var cipher = LibSsl.SSL_CIPHER_get_protocol_id(LibSsl.SSL_get_current_cipher(_ssl));
        fixed (byte* p = secrets)
        {
            if (cipher is not (Aes128Ecdsa or Aes128Rsa or Aes256Ecdsa or Aes256Rsa)
                || LibSsl.SSL_SESSION_get_master_key(LibSsl.SSL_get_session(_ssl), p, MasterLength) != MasterLength
                || LibSsl.SSL_get_client_random(_ssl, p + MasterLength, RandomLength) != RandomLength
                || LibSsl.SSL_get_server_random(_ssl, p + MasterLength + RandomLength, RandomLength) != RandomLength)
            {
                return; // it is kept as it is
            }
        }

        var wide = cipher is Aes256Ecdsa or Aes256Rsa;
        _alerts = DtlsAlerts.Derive(
            secrets[..MasterLength], secrets.Slice(MasterLength, RandomLength), secrets[^RandomLength..],
            wide ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256, wide ? 32 : 16, IsClient);
        CryptographicOperations.ZeroMemory(secrets);
        FreeSsl();
    }

    public void Dispose()
    {
        FreeSsl();
        _alerts?.Dispose();
    }

    internal void OnOutgoing(ReadOnlySpan<byte> datagram) => _send(datagram);

    internal int TakeIncoming(Span<byte> buffer)
    {
        var length = Math.Min(_incomingLength, buffer.Length);
        new ReadOnlySpan<byte>(_incoming, length).CopyTo(buffer);
        _incomingLength = 0;
        return length;
    }

    internal void OnTimer(LibSsl.TimeValue* timer)
    {
        _timer = OwnsTimer ? timer : null;
        NextDeadline = timer->Seconds == 0 && timer->Microseconds == 0 ? null : _now + _retry;
    }

    internal bool Verify(nint certificate)
    {
        var digest = _expected.Length switch
        {
            48 => LibSsl.EVP_sha384(),
            64 => LibSsl.EVP_sha512(),
            _ => LibSsl.EVP_sha256(),
        };
        Span<byte> hash = stackalloc byte[64];
        uint length;
        fixed (byte* h = hash)
        {
            BadFingerprint = certificate == 0
                || LibSsl.X509_digest(certificate, digest, h, &length) != 1
                || !_expected.Matches(hash[..(int)length]);
        }

        return !BadFingerprint;
    }

    private static string NameOf(SrtpProfile profile) => profile switch
    {
        SrtpProfile.AeadAes128Gcm => "SRTP_AEAD_AES_128_GCM",
        SrtpProfile.Aes128CmSha1 => "SRTP_AES128_CM_SHA1_80",
        SrtpProfile.None => throw new ArgumentException("No profile", nameof(profile)),
    };

    [UnmanagedCallersOnly]
    private static uint OnTimerDuration(nint ssl, uint previous) =>
        DatagramBio.SessionOf(LibSsl.SSL_get_rbio(ssl))?.NextDuration(first: previous == 0) ?? 1_000_000;

    // Microseconds by OpenSSL's clock; an hour means: never, we say when.
    private uint NextDuration(bool first)
    {
        _retry = first ? FirstRetry : _retry * 2 < SlowestRetry ? _retry * 2 : SlowestRetry;
        return OwnsTimer ? 3_600_000_000 : (uint)_retry.TotalMicroseconds;
    }

    private void Advance()
    {
        LibSsl.ERR_clear_error();
        if (State == DtlsState.Handshaking)
        {
            var done = LibSsl.SSL_do_handshake(_ssl);
            if (done != 1)
            {
                Judge(LibSsl.SSL_get_error(_ssl, done));
                return;
            }

            var profile = LibSsl.SSL_get_selected_srtp_profile(_ssl);
            Profile = profile == null ? SrtpProfile.None : (SrtpProfile)(int)profile->Id;
            State = DtlsState.Connected;
        }

        ReadAll();
    }

    // No application data is expected; reading handles alerts and the peer's retransmissions.
    private void ReadAll()
    {
        Span<byte> ignored = stackalloc byte[LargestIncoming];
        fixed (byte* p = ignored)
        {
            int read;
            do
            {
                read = LibSsl.SSL_read(_ssl, p, ignored.Length);
            }
            while (read > 0);
            Judge(LibSsl.SSL_get_error(_ssl, read));
        }
    }

    private void Judge(int error)
    {
        switch (error)
        {
            case LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite:
                break;
            case LibSsl.ErrorZeroReturn:
                State = DtlsState.ClosedByPeer;
                NextDeadline = null;
                break;
            default:
                Fail();
                break;
        }
    }

    private void FreeSsl()
    {
        LibSsl.SSL_free(_ssl);
        _ssl = 0;
        _timer = null;
        NextDeadline = null;
        if (_self.IsAllocated)
        {
            _self.Free();
        }
    }

    private void Fail()
    {
        State = State == DtlsState.Connected ? DtlsState.ClosedByPeer : DtlsState.Failed;
        NextDeadline = null;
    }
}
