using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ThreeClassrooms.TestKit.Robots;

/// <summary>A message as it came over the wire, dots unstuffed.</summary>
public sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Text, bool Encrypted, string? User);

/// <summary>A mail server on loopback that speaks as much SMTP (RFC 5321) as a message needs, with STARTTLS when it has a certificate.</summary>
public sealed class FakeMailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ReceivedMail> _mails = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="certificate">Null: it offers no TLS.</param>
    public FakeMailServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Origin => $"smtp://127.0.0.1:{Port}";

    /// <summary>Null: nobody needs to sign in.</summary>
    public (string User, string Password)? Account { get; set; }

    /// <summary>Answers this instead of taking a command that begins so, e.g. "RCPT" and "550 no such user"; a full stop is the end of the message.</summary>
    public (string Command, string Answer)? Refuses { get; set; }

    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up.
        }
    }

    private async Task TalkAsync(Stream wire)
    {
        var (reader, writer) = Over(wire);
        bool encrypted = false;
        string? user = null, from = null;
        List<string> to = [];
        await writer.WriteLineAsync("220 fake ESMTP");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            string command = line.Split(' ')[0].ToUpperInvariant();
            if (Refuses is { } refused && line.StartsWith(refused.Command, StringComparison.OrdinalIgnoreCase))
            {
                await writer.WriteLineAsync(refused.Answer);
                continue;
            }

            switch (command)
            {
                case "EHLO":
                    string tls = _certificate is not null && !encrypted ? "250-STARTTLS\r\n" : "", auth = Account is not null ? "250-AUTH PLAIN\r\n" : "";
                    await writer.WriteAsync($"250-fake\r\n{tls}{auth}250 8BITMIME\r\n");
                    break;
                case "STARTTLS":
                    await writer.WriteLineAsync("220 go on");
                    var secure = new SslStream(wire);
                    await secure.AuthenticateAsServerAsync(_certificate!);
                    (reader, writer) = Over(secure);
                    encrypted = true;
                    break;
                case "AUTH":
                    string[] said = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Split('\0');
                    bool right = Account is { } account && said[1] == account.User && said[2] == account.Password;
                    user = right ? said[1] : null;
                    await writer.WriteLineAsync(right ? "235 welcome" : "535 bad credentials");
                    break;
                case "MAIL" when Account is not null && user is null:
                    await writer.WriteLineAsync("530 sign in first");
                    break;
                case "MAIL":
                    from = AddressIn(line);
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT":
                    to.Add(AddressIn(line));
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    var mail = new ReceivedMail(from ?? "", [.. to], await DataAsync(reader), encrypted, user);
                    to.Clear();
                    if (Refuses is { Command: "." } unwanted)
                    {
                        await writer.WriteLineAsync(unwanted.Answer);
                        break;
                    }

                    _mails.Enqueue(mail);
                    await writer.WriteLineAsync("250 queued");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("502 unknown");
                    break;
            }
        }
    }

    private async Task<string> DataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return text.ToString();
    }

    private static string AddressIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    private static (StreamReader Reader, StreamWriter Writer) Over(Stream stream) =>
        (new StreamReader(stream, Encoding.UTF8, false, 1024, leaveOpen: true), new StreamWriter(stream, new UTF8Encoding(false), 1024, leaveOpen: true) { AutoFlush = true, NewLine = "\r\n" });
}
