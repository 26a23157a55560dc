using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ThreeClassrooms.Contracts;

namespace ThreeClassrooms.Hub.Credit;

/// <summary>Reads and checks the policy before the hub starts; all faults are named at once.</summary>
internal static class CreditPolicyFile
{
    /// <summary>The provincial floor for the lecturer in dedicated and master-teacher lessons: not under 1:1.5.</summary>
    public const decimal LecturerFloor = 1.50m;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public static CreditPolicy? Read(string path, ICollection<string> faults)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            CreditPolicy policy = JsonSerializer.Deserialize<CreditPolicy>(file, Json)! with { File = path };
            int before = faults.Count;
            foreach (string fault in FaultsOf(policy))
            {
                faults.Add($"{path}: {fault}");
            }

            return faults.Count == before ? policy : null;
        }
        catch (IOException)
        {
            faults.Add($"Credit:PolicyFile: '{path}' cannot be read");
        }
        catch (JsonException fault)
        {
            faults.Add($"{path}: {fault.Message}");
        }

        return null;
    }

    internal static IEnumerable<string> FaultsOf(CreditPolicy policy)
    {
        if (policy.Version.Length is 0 or > 40)
        {
            yield return "version: 1 to 40 characters";
        }

        foreach (LessonMode mode in Enum.GetValues<LessonMode>())
        {
            foreach (string fault in FaultsOf(policy, mode))
            {
                yield return fault;
            }
        }

        (string Key, TimeSpan Value, TimeSpan Min, TimeSpan Max)[] times =
        [
            ("standardPeriod.primary", policy.StandardPeriod.Primary, TimeSpan.FromSeconds(30), TimeSpan.FromHours(2)),
            ("standardPeriod.junior", policy.StandardPeriod.Junior, TimeSpan.FromSeconds(30), TimeSpan.FromHours(2)),
            ("validMinimum", policy.ValidMinimum, TimeSpan.FromSeconds(10), TimeSpan.FromHours(2)),
            ("bridge", policy.Bridge, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            ("margin", policy.Margin, TimeSpan.Zero, TimeSpan.FromMinutes(30)),
            ("startGrace", policy.StartGrace, TimeSpan.Zero, TimeSpan.FromHours(1)),
            ("samplingTolerance", policy.SamplingTolerance, TimeSpan.Zero, TimeSpan.FromSeconds(30)),
            ("cancelGrace", policy.CancelGrace, TimeSpan.Zero, TimeSpan.FromHours(1)),
            ("lateEvidenceWindow", policy.LateEvidenceWindow, TimeSpan.Zero, TimeSpan.FromDays(30)),
        ];
        foreach ((string key, TimeSpan value, TimeSpan min, TimeSpan max) in times.Where(t => t.Value < t.Min || t.Value > t.Max))
        {
            yield return $"{key}: {value} is not from {min} to {max}";
        }

        foreach ((string key, decimal value) in new[] { ("validShareOfPeriod", policy.ValidShareOfPeriod), ("partialFrom", policy.PartialFrom) })
        {
            if (value is <= 0 or > 1)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{key}: {value} is not over 0 and up to 1");
            }
        }

        if (policy.Quorum is < 1 or > 8)
        {
            yield return $"quorum: {policy.Quorum} is not from 1 to 8";
        }
    }

    private static IEnumerable<string> FaultsOf(CreditPolicy policy, LessonMode mode)
    {
        string key = "ratios." + JsonNamingPolicy.CamelCase.ConvertName(mode.ToString());
        if (!policy.Ratios.TryGetValue(mode, out RoleRatios? ratios))
        {
            yield return $"{key}: is missing";
            yield break;
        }

        foreach ((string name, decimal value) in new[] { ("lecturer", ratios.Lecturer), ("assistant", ratios.Assistant) })
        {
            if (value is < 0 or > 10 || decimal.Round(value, 2) != value)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{key}.{name}: {value} is not from 0 to 10 in hundredths");
            }
        }

        if (mode != LessonMode.Networked && ratios.Lecturer < LecturerFloor)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{key}.lecturer: {ratios.Lecturer} is under the provincial floor: lecturers' planned dedicated and master-teacher lessons "
                + $"count not less than 1:{LecturerFloor} (主讲端教师专递课堂、名师课堂按不低于1:1.5认定课时)");
        }
    }
}
