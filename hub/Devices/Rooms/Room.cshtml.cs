using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ThreeClassrooms.Hub.Devices.Rooms;

/// <summary>The empty page: what it may do and which room it is for lies behind the <c>#</c> of its address, which the hub never sees.</summary>
[AllowAnonymous]
internal sealed class RoomModel : PageModel
{
    public IActionResult OnGet() => Page();
}
