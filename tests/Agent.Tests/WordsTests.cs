using System.Globalization;
using System.Reflection;
using System.Resources;
using ThreeClassrooms.Agent.Enrolment;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Agent.Tests;

public class WordsTests
{
    [Fact]
    public void BothLanguages_HaveTheSameTextsWithTheSamePlaces()
    {
        Dictionary<string, string> chinese = Texts(CultureInfo.InvariantCulture), english = Texts(CultureInfo.GetCultureInfo("en"));
        Assert.Equal(chinese.Keys.Order(StringComparer.Ordinal), english.Keys.Order(StringComparer.Ordinal));
        Assert.All(chinese, pair => Assert.Equal(Places(pair.Value), Places(english[pair.Key])));
    }

    [Fact]
    public void EveryRefusalAndState_HasItsSentence()
    {
        Assert.All(Enum.GetValues<HubRefusal>(), r => Assert.NotEmpty(HubRefusals.Explain(r)));
        Assert.All(Enum.GetValues<PartState>(), s => Assert.NotEmpty(Words.Get("State" + s)));
        Assert.All(Enum.GetValues<DeviceRole>(), r => Assert.NotEmpty(Words.Get("Role" + r)));
    }

    [Theory]
    [InlineData(null, "zh-CN")]
    [InlineData("C.UTF-8", "zh-CN")]
    [InlineData("zh_CN.UTF-8", "zh-CN")]
    [InlineData("en_GB.UTF-8", "en")]
    public void Language_FollowsTheEnvironment(string? lang, string expected) =>
        Assert.Equal(expected, Words.FromEnvironment(name => name == "LANG" ? lang : null).Name);

    private static Dictionary<string, string> Texts(CultureInfo culture)
    {
        ResourceSet set = new ResourceManager("ThreeClassrooms.Agent.Words", typeof(Words).GetTypeInfo().Assembly).GetResourceSet(culture, true, false)!;
        return set.Cast<System.Collections.DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);
    }

    private static IEnumerable<int> Places(string text) => Enumerable.Range(0, 6).Where(i => text.Contains($"{{{i}}}", StringComparison.Ordinal));
}
