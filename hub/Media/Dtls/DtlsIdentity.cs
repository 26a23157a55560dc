using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ThreeClassrooms.Media.Dtls;

/// <summary>
/// One self-signed certificate and the OpenSSL context made of it, shared by all peers of a process. Thread-safe once created;
/// dispose it after the last peer.
/// </summary>
public sealed unsafe class DtlsIdentity : IDisposable
{
    // Forward secret AES-GCM only (DtlsRecords counts on it); ECDSA first, RSA for peers that bring such a certificate.
    private const string Ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";

    private DtlsIdentity(nint context, string fingerprint) => (Context, Fingerprint) = (context, fingerprint);

    /// <summary>"sha-256 AB:CD:…", as SDP's a=fingerprint takes it.</summary>
    public string Fingerprint { get; }

    /// <summary>The SSL_CTX; 0 after Dispose.</summary>
    internal nint Context { get; private set; }

    /// <param name="notBefore">UTC; the certificate is valid for a year from a day before it (peers check the fingerprint, not the dates).</param>
    public static DtlsIdentity Create(DateTimeOffset notBefore) => Create(notBefore, ECCurve.NamedCurves.nistP256);

    /// <inheritdoc cref="Create(DateTimeOffset)"/>
    /// <param name="curve">Of the certificate's key: P-256, P-384 or P-521.</param>
    public static DtlsIdentity Create(DateTimeOffset notBefore, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        var request = new CertificateRequest("CN=ThreeClassrooms", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(notBefore.AddDays(-1), notBefore.AddDays(365));
        var privateKey = key.ExportECPrivateKey();
        try
        {
            return new DtlsIdentity(CreateContext(certificate.RawData, privateKey), DtlsFingerprint.Sha256Of(certificate.RawData));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public void Dispose()
    {
        LibSsl.SSL_CTX_free(Context);
        Context = 0;
    }

    private static nint CreateContext(byte[] certificate, byte[] privateKey)
    {
        var context = LibSsl.SSL_CTX_new(LibSsl.DTLS_method());
        fixed (byte* c = certificate, k = privateKey)
        {
            if (context == 0
                || LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetMinProtocol, LibSsl.Dtls12, null) != 1
                || LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetMaxProtocol, LibSsl.Dtls12, null) != 1
                || LibSsl.SSL_CTX_set_cipher_list(context, Ciphers) != 1
                || !SetGroups(context)
                || LibSsl.SSL_CTX_use_certificate_ASN1(context, certificate.Length, c) != 1
                || LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.KeyTypeEc, context, k, privateKey.Length) != 1)
            {
                LibSsl.SSL_CTX_free(context);
                throw new InvalidOperationException("libssl refused the DTLS context");
            }
        }

        LibSsl.SSL_CTX_set_options(
            context,
            LibSsl.OptionNoQueryMtu | LibSsl.OptionNoTicket | LibSsl.OptionServerPreference | LibSsl.OptionNoRenegotiation);
        _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSessionCacheMode, 0, null);

        // A peer says little after its handshake: keep no 16-KiB buffers for it.
        _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMode, LibSsl.ModeReleaseBuffers, null);
        _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetMaxSendFragment, DtlsSession.Mtu, null);
        LibSsl.SSL_CTX_set_verify(context, LibSsl.VerifyPeerAndRequire, 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &OnVerify, 0);
        return context;
    }

    private static bool SetGroups(nint context)
    {
        // The list also says which curves a peer's certificate may be on, whatever key is agreed with.
        fixed (byte* groups = "X25519:P-256:P-384:P-521\0"u8)
        {
            return LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSetGroupsList, 0, groups) == 1;
        }
    }

    // The certificate is self-signed: what counts is that it is the one whose fingerprint came with the SDP.
    [UnmanagedCallersOnly]
    private static int OnVerify(nint store, nint argument)
    {
        var ssl = LibSsl.X509_STORE_CTX_get_ex_data(store, LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx());
        var session = DatagramBio.SessionOf(LibSsl.SSL_get_rbio(ssl));
        if (session is not null && session.Verify(LibSsl.X509_STORE_CTX_get0_cert(store)))
        {
            return 1;
        }

        LibSsl.X509_STORE_CTX_set_error(store, LibSsl.VerifyErrorCertificateRejected);
        return 0;
    }
}
