using ThreeClassrooms.Hub.Shell;

namespace ThreeClassrooms.Hub.Tests.Pages;

public sealed class PluralFormsTests
{
    [Theory]
    [InlineData(0, "0 lessons in A")]
    [InlineData(1, "1 lesson in A")]
    [InlineData(2, "2 lessons in A")]
    [InlineData("1", "1 lesson in A")]
    [InlineData("1.5", "1.5 lessons in A")]
    public void Number_ChoosesTheWord(object number, string expected) => Assert.Equal(expected, PluralForms.Fill("{0} {0:lesson|lessons} in {1}", number, "A"));

    [Fact]
    public void OtherFormats_AreThoseOfTheCulture() => Assert.Equal("2.50 and 007", PluralForms.Fill("{0:0.00} and {1:000}", 2.5m, 7));
}
