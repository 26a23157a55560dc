using System.Text.RegularExpressions;

namespace ThreeClassrooms.Hub.Tests.Pages;

/// <summary>One word for one thing, as the glossary has it, in everything that people read: pages, screens, the installer.</summary>
public sealed partial class WordingTests
{
    /// <summary>A word that is not used, and the one that is.</summary>
    private static readonly (string Wrong, string Right)[] Chinese =
    [
        ("枢纽", "平台"), ("中心(?!校|小学|学校|村)", "平台"), ("终端", "设备"), ("教室端(?!程序)", "教室端程序 (the program) or 设备 (the machine)"),
        ("话筒", "麦克风"), ("听讲", "接收教室"),
    ];

    private static readonly (string Wrong, string Right)[] English =
    [
        (@"\bsees? to\b", "takes on"), (@"\bcenter\b", "centre"), (@"\bstudents\b", "pupils"),
    ];

    /// <summary>Pages can choose the word by the number; the agent's command line, for technicians, does without.</summary>
    private static readonly (string Wrong, string Right)[] EnglishPages =
    [
        .. English,
        (@"\{\d\} (lessons|rooms|devices|classes|pupils|schools|minutes|hours|days|messages|alerts|records|rules|periods|observations|classrooms|parts|codes|lines|times)\b",
            "{0:lesson|lessons}, so that it is right for one as well"),
    ];

    [Fact]
    public void Texts_UseTheGlossarysWords()
    {
        List<string> faults = [];
        foreach (string file in SourceFiles.Resources)
        {
            string text = string.Concat(Value().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value + "\n"));
            bool english = file.EndsWith(".en.resx", StringComparison.Ordinal), page = !SourceFiles.Name(file).StartsWith("..", StringComparison.Ordinal);
            foreach ((string wrong, string right) in !english ? Chinese : page ? EnglishPages : English)
            {
                faults.AddRange(Regex.Matches(text, wrong, RegexOptions.IgnoreCase).Select(m => $"{SourceFiles.Name(file)}: '{m.Value}' should be {right}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [GeneratedRegex(@"<value>([^<]*)</value>")]
    private static partial Regex Value();
}
