using Microsoft.Extensions.DependencyInjection;
using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>The texts alone, without a hub.</summary>
internal sealed class TextFixture : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddLocalization().AddSingleton<Text>().BuildServiceProvider();

    public Text Text => _services.GetRequiredService<Text>();

    public void Dispose() => _services.Dispose();
}
