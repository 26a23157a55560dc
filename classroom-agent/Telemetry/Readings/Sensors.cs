namespace ThreeClassrooms.Agent.Telemetry.Readings;

/// <summary>The processor's temperature.</summary>
internal static class Sensors
{
    /// <summary>Drivers of processors' own sensors (hwmon) and names of their zones (thermal).</summary>
    private static readonly string[] OfProcessors = ["coretemp", "k10temp", "zenpower", "cpu_thermal", "cpu-thermal", "x86_pkg_temp", "soc_thermal", "soc-thermal"];

    /// <summary>Degrees outside of which a sensor is not connected or lies.</summary>
    private static readonly (double Low, double High) Believable = (-20, 130);

    /// <returns>The hottest sensor of the processor, or of the machine when none says that it is the processor's; degrees Celsius.</returns>
    public static double? Celsius(MachineFiles files)
    {
        List<(string Name, double Celsius)> all = [.. Zones(files).Concat(Chips(files)).Where(s => s.Celsius > Believable.Low && s.Celsius < Believable.High)];
        List<double> processors = [.. all.Where(s => OfProcessors.Any(p => s.Name.StartsWith(p, StringComparison.Ordinal))).Select(s => s.Celsius)];
        return processors.Count > 0 ? processors.Max() : all.Count > 0 ? all.Max(s => s.Celsius) : null;
    }

    private static IEnumerable<(string Name, double Celsius)> Zones(MachineFiles files) =>
        from zone in files.Names("sys/class/thermal")
        where zone.StartsWith("thermal_zone", StringComparison.Ordinal)
        let thousandths = files.Number($"sys/class/thermal/{zone}/temp")
        where thousandths is not null
        select (files.Text($"sys/class/thermal/{zone}/type") ?? "", thousandths.Value / 1000.0);

    private static IEnumerable<(string Name, double Celsius)> Chips(MachineFiles files) =>
        from chip in files.Names("sys/class/hwmon")
        let name = files.Text($"sys/class/hwmon/{chip}/name") ?? ""
        from input in files.Names($"sys/class/hwmon/{chip}")
        where input.StartsWith("temp", StringComparison.Ordinal) && input.EndsWith("_input", StringComparison.Ordinal)
        let thousandths = files.Number($"sys/class/hwmon/{chip}/{input}")
        where thousandths is not null
        select (name, thousandths.Value / 1000.0);
}
