using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using ThreeClassrooms.Hub.Accounts;
using ThreeClassrooms.Hub.Credit;
using ThreeClassrooms.Hub.Hosting;
using ThreeClassrooms.Hub.Schools;
using ThreeClassrooms.Hub.Storage;
using ThreeClassrooms.Hub.Timetable;

namespace ThreeClassrooms.Hub.Seeding;

/// <summary>Loads a county file. Safe to run again: what is there already is left alone.</summary>
internal sealed class CountySeeder(
    HubDbContext db, UserManager<Account> users, RoleManager<IdentityRole<Guid>> roles, TimetablePlanner planner, CreditPolicy policy,
    CountyTime time, TimeProvider clock)
{
    /// <summary>Every role exists after this, whatever else is seeded.</summary>
    public async Task SeedRolesAsync()
    {
        foreach (string role in Roles.All)
        {
            if (!await roles.RoleExistsAsync(role))
            {
                await roles.CreateAsync(new IdentityRole<Guid>(role) { Id = StableId.Of("role", role) });
            }
        }
    }

    public async Task SeedAsync(CountyFile county)
    {
        foreach (SchoolRow row in county.Schools)
        {
            await AddAsync(SchoolId(row.Name), () => Make(row));
        }

        await db.SaveChangesAsync();
        foreach (PairingRow row in county.Pairings)
        {
            Guid main = SchoolId(row.Main), receiving = SchoolId(row.Receiving);
            await AddAsync(StableId.Of("pairing", row.Main, row.Receiving), () => new Pairing
            {
                Id = StableId.Of("pairing", row.Main, row.Receiving),
                MainSchoolId = main,
                ReceivingSchoolId = receiving,
                From = time.Today,
            });
        }

        await db.SaveChangesAsync();
        await SeedAccountsAsync(county);
        await SeedTeachersAsync(county);
        await SeedLessonsAsync(county);
    }

    public static Guid SchoolId(string school) => StableId.Of("school", school);

    public static Guid RoomId(string school, string room) => StableId.Of("room", school, room);

    public static Guid ClassId(string school, string name) => StableId.Of("class", school, name);

    public static Guid TeacherId(string school, string name) => StableId.Of("teacher", school, name);

    private async Task AddAsync<T>(Guid id, Func<T> make)
        where T : class
    {
        if (await db.Set<T>().FindAsync(id) is null)
        {
            db.Add(make());
        }
    }

    private static School Make(SchoolRow row)
    {
        var school = new School { Id = SchoolId(row.Name), Code = row.Code, Name = row.Name, Kind = row.Kind, Town = row.Town };
        school.Classrooms.AddRange(row.Rooms.Select(r => new Classroom
        {
            Id = RoomId(row.Name, r.Name),
            Name = r.Name,
            Equipment = r.Equipment,
        }));
        school.Classes.AddRange(row.Classes.Select(c => new SchoolClass
        {
            Id = ClassId(row.Name, c.Name),
            Name = c.Name,
            Stage = c.Stage,
            Grade = c.Grade,
            Pupils = c.Pupils,
        }));
        school.BellTables.AddRange(row.Bells.Select(b => Make(row.Name, b)));
        return school;
    }

    private static BellTable Make(string school, BellsRow row)
    {
        var table = new BellTable { Id = StableId.Of("bells", school, row.Stage.ToString()), Stage = row.Stage };
        table.Bells.AddRange(row.Starts.Select((start, i) => new Bell
        {
            Id = StableId.Of("bell", school, row.Stage.ToString(), $"{i + 1}"),
            Period = i + 1,
            StartsAt = start,
            EndsAt = start.AddMinutes(row.Minutes),
        }));
        return table;
    }

    private async Task SeedAccountsAsync(CountyFile county)
    {
        foreach (AccountRow row in county.Accounts)
        {
            if (await users.FindByNameAsync(row.Login) is not null)
            {
                continue;
            }

            var account = new Account
            {
                Id = StableId.Of("account", row.Login),
                UserName = row.Login,
                DisplayName = row.Name,
                SchoolId = row.School is null ? null : SchoolId(row.School),
            };
            Demand(row.Password is null ? await users.CreateAsync(account) : await users.CreateAsync(account, row.Password), row.Login);
            Demand(await users.AddToRoleAsync(account, row.Role), row.Login);
        }
    }

    private static void Demand(IdentityResult result, string what)
    {
        if (!result.Succeeded)
        {
            throw new InvalidDataException($"{what}: {string.Join("; ", result.Errors.Select(e => e.Description))}");
        }
    }

    private async Task SeedTeachersAsync(CountyFile county)
    {
        foreach ((SchoolRow school, TeacherRow row) in county.Schools.SelectMany(s => s.Teachers.Select(t => (s, t))))
        {
            Account? account = row.Login is null ? null : await users.FindByNameAsync(row.Login);
            await AddAsync(TeacherId(school.Name, row.Name), () => new Teacher
            {
                Id = TeacherId(school.Name, row.Name),
                SchoolId = SchoolId(school.Name),
                Name = row.Name,
                Honour = row.Honour,
                AccountId = account?.Id,
            });
        }

        await db.SaveChangesAsync();
    }

    private async Task SeedLessonsAsync(CountyFile county)
    {
        // A second start on another day must not add a second week.
        if (await db.Set<Occurrence>().AnyAsync())
        {
            return;
        }

        foreach (LessonRow row in county.Lessons)
        {
            Bell? bell = await db.Set<BellTable>()
                .Where(t => t.SchoolId == SchoolId(row.School) && t.Stage == row.Stage)
                .SelectMany(t => t.Bells)
                .SingleOrDefaultAsync(b => b.Period == row.Period)
                ?? throw new InvalidDataException($"{row.School}: no bell for period {row.Period}");
            DateOnly day = time.Today.AddDays(row.Day);
            DateTimeOffset starts = time.At(day, bell.StartsAt);
            if (starts <= clock.GetUtcNow())
            {
                continue; // the demo does not pretend that lessons were taught before it began
            }

            var wanted = new NewOccurrence(
                row.Mode, row.Subject, row.Topic, row.Stage, TeacherId(row.School, row.Lecturer), RoomId(row.School, row.Room),
                [.. row.Receivers.Select(r => new NewReceiver(
                    RoomId(r.School, r.Room), r.Class is null ? null : ClassId(r.School, r.Class),
                    r.Assistant is null ? null : TeacherId(r.School, r.Assistant)))],
                starts, time.At(day, bell.EndsAt), PeriodOf(row.Stage, bell))
            {
                HostClassId = row.Class is null ? null : ClassId(row.School, row.Class),
                StartsByTimetable = row.StartsByTimetable,
            };
            var created = await planner.CreateAsync(wanted);
            if (!created.IsOk)
            {
                throw new InvalidDataException($"{row.School}, day {row.Day}, period {row.Period}, {row.Topic}: {created.Refusal}");
            }
        }
    }

    /// <summary>One bell is one period, however short the policy's period is in a demo.</summary>
    private TimeSpan PeriodOf(Stage stage, Bell bell)
    {
        TimeSpan standard = policy.StandardPeriod.Of(stage), rung = bell.EndsAt - bell.StartsAt;
        return standard > rung ? standard : rung;
    }
}
