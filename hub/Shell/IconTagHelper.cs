using Microsoft.AspNetCore.Razor.TagHelpers;

namespace ThreeClassrooms.Hub.Shell;

/// <summary><c>&lt;icon name="eye" /&gt;</c>: an icon of the vendored sprite. Screen readers skip it; the words beside it say what it means.</summary>
[HtmlTargetElement("icon", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IconTagHelper : TagHelper
{
    public const string Sprite = "/lib/tabler-icons-3.51.0/sprite.svg";

    public string Name { get; set; } = "";

    public string Class { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", $"icon {Class}".TrimEnd());
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Attributes.SetAttribute("focusable", "false");
        output.Content.SetHtmlContent($"<use href=\"{Sprite}#{System.Net.WebUtility.HtmlEncode(Name)}\"></use>");
    }
}
