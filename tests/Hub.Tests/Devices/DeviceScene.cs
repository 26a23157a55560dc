using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Contracts;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Devices;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Tests.Hosting;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Tests.Devices;

/// <summary>A hub as devices see it: rooms, codes, enrolments, lessons. Every test makes rooms of its own, so that one host serves a class of tests.</summary>
internal sealed class DeviceScene(HubHost host)
{
    public HubHost Host { get; } = host;

    public HttpClient Client { get; } = host.Anonymous();

    public Task<Guid> RoomAsync() => Host.WithAsync<HubDbContext, Guid>(async db =>
    {
        string name = "青山小学" + Guid.NewGuid().ToString("N")[..8];
        var school = new School { Id = Guid.NewGuid(), Name = name, Town = "青山镇", Kind = SchoolKind.Receiving };
        var room = new Classroom { Id = Guid.NewGuid(), Name = "三年级教室", Equipment = DeviceRole.Receiving };
        school.Classrooms.Add(room);
        db.Add(school);
        await db.SaveChangesAsync();
        return room.Id;
    });

    public Task<IssuedCode> CodeAsync(Guid room, DeviceRole role = DeviceRole.Receiving) =>
        Host.WithAsync<EnrolmentCodes, IssuedCode>(codes => codes.IssueAsync(room, role, null, CancellationToken.None));

    public Task<HttpResponseMessage> PostCodeAsync(string code) =>
        Client.PostAsJsonAsync(DeviceApi.Enrol, new EnrolRequest(code, "room-pc", "0.1.0"), DeviceJson.Options);

    public async Task<EnrolResponse> EnrolAsync(Guid room, DeviceRole role = DeviceRole.Receiving)
    {
        using HttpResponseMessage answer = await PostCodeAsync((await CodeAsync(room, role)).Code);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<EnrolResponse>(DeviceJson.Options))!;
    }

    public Task<HttpResponseMessage> PostCredentialsAsync(string id, string secret) =>
        Client.PostAsJsonAsync(DeviceApi.Token, new DeviceTokenRequest(id, secret), DeviceJson.Options);

    public async Task<string> TokenAsync(EnrolResponse device)
    {
        using HttpResponseMessage answer = await PostCredentialsAsync(device.DeviceId, device.Secret);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<DeviceTokenResponse>(DeviceJson.Options))!.Token;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token, string? etag = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }

        return Client.SendAsync(request);
    }

    public async Task<DeviceTimetable> TimetableAsync(string token)
    {
        using HttpResponseMessage answer = await GetAsync(DeviceApi.Timetable, token);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<DeviceTimetable>(DeviceJson.Options))!;
    }

    /// <param name="starts">From now.</param>
    public Task<Guid> LessonAsync(Guid hostRoom, Guid receivingRoom, TimeSpan starts, LessonPhase phase = LessonPhase.Planned) =>
        Host.WithAsync<HubDbContext, Guid>(db => AddLessonAsync(db, hostRoom, receivingRoom, Host.Time.Now + starts, phase));

    public static async Task<Guid> AddLessonAsync(HubDbContext db, Guid hostRoom, Guid receivingRoom, DateTimeOffset from, LessonPhase phase)
    {
        Guid schoolId = (await db.Set<Classroom>().SingleAsync(r => r.Id == hostRoom)).SchoolId;
        DateTimeOffset to = from.AddMinutes(40);
        var lesson = new Occurrence
        {
            Id = Guid.CreateVersion7(),
            Mode = LessonMode.Dedicated,
            Subject = "英语",
            Topic = "Unit 3",
            Lecturer = new Teacher { Id = Guid.NewGuid(), SchoolId = schoolId, Name = "王秀兰" },
            StartsAt = from,
            EndsAt = to,
            StandardPeriod = TimeSpan.FromMinutes(40),
            FiledAt = from.AddDays(-30),
            Phase = phase,
        };
        lesson.Participations.Add(Seat("host", SeatRole.Host, hostRoom));
        lesson.Participations.Add(Seat("r1", SeatRole.Receiving, receivingRoom));
        db.Add(lesson);
        await db.SaveChangesAsync();
        return lesson.Id;

        Participation Seat(string id, SeatRole role, Guid room) => new()
        {
            Id = Guid.NewGuid(),
            SeatId = id,
            Role = role,
            ClassroomId = room,
            StartsAt = from,
            EndsAt = to,
        };
    }

    public Task<Device> DeviceAsync(string id) =>
        Host.WithAsync<HubDbContext, Device>(db => db.Set<Device>().AsNoTracking().SingleAsync(d => d.Id == id));

    public Task<int> DisableAsync(string id) => Host.WithAsync<HubDbContext, int>(db => db.Set<Device>()
        .Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.DisabledAt, Host.Time.Now)));

    public Task<List<AuditEntry>> AuditAsync(string subject) =>
        Host.WithAsync<HubDbContext, List<AuditEntry>>(db => db.Set<AuditEntry>().Where(e => e.Subject == subject).OrderBy(e => e.Id).ToListAsync());

    /// <summary>The <c>code</c> of a refusal; there is always a sentence beside it.</summary>
    public static async Task<string> CodeOfAsync(HttpResponseMessage refused)
    {
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        using JsonDocument body = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Matches(@".{15,}[。.]$", body.RootElement.GetProperty("detail").GetString());
        return body.RootElement.GetProperty("code").GetString()!;
    }
}
