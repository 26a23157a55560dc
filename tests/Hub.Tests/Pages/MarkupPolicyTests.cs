using System.Text.RegularExpressions;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>The content policy forbids inline script and style: no page may need them.</summary>
public sealed partial class MarkupPolicyTests
{
    [Fact]
    public void NoPage_HasInlineScript()
    {
        foreach (string file in SourceFiles.Pages)
        {
            string text = File.ReadAllText(file);
            foreach (Match tag in ScriptTag().Matches(text))
            {
                Assert.True(
                    tag.Value.Contains(" src=", StringComparison.Ordinal) || tag.Value.Contains("application/json", StringComparison.Ordinal),
                    $"{SourceFiles.Name(file)}: {tag.Value}");
            }

            Assert.False(Handler().IsMatch(text), $"{SourceFiles.Name(file)}: an on… attribute is inline script");
        }
    }

    [Fact]
    public void NoPage_HasInlineStyle()
    {
        foreach (string file in SourceFiles.Pages)
        {
            Assert.False(Style().IsMatch(File.ReadAllText(file)), $"{SourceFiles.Name(file)}: style belongs into a css file");
        }
    }

    [Fact]
    public void EveryIconUsed_IsInTheSprite()
    {
        string sprite = File.ReadAllText(Path.Combine(SourceFiles.Hub, "wwwroot/lib/tabler-icons-3.51.0/sprite.svg"));
        foreach (string file in SourceFiles.Pages.Concat(SourceFiles.Scripts))
        {
            foreach (Match use in Icon().Matches(File.ReadAllText(file)))
            {
                string name = use.Groups[1].Success ? use.Groups[1].Value : use.Groups[2].Value;
                Assert.True(sprite.Contains($"id=\"{name}\"", StringComparison.Ordinal), $"{SourceFiles.Name(file)}: no icon '{name}'");
            }
        }
    }

    [Fact]
    public void EveryVendoredLibrary_HasAVersionAndALicence()
    {
        foreach (string folder in Directory.EnumerateDirectories(Path.Combine(SourceFiles.Hub, "wwwroot", "lib")))
        {
            Assert.Matches(@"-\d+\.\d+\.\d+$", folder);
            Assert.True(File.Exists(Path.Combine(folder, "LICENSE")), folder);
            Assert.Empty(Directory.EnumerateFiles(folder, "*.map"));
        }
    }

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex ScriptTag();

    [GeneratedRegex(@"\son[a-z]+=""")]
    private static partial Regex Handler();

    [GeneratedRegex(@"<style|\sstyle=""")]
    private static partial Regex Style();

    [GeneratedRegex(@"<icon name=""([a-z-]+)""|\bicon\('([a-z-]+)'")]
    private static partial Regex Icon();
}
