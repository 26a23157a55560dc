using System.CommandLine;
using ThreeClassrooms.Agent.Commands;

// A fleet of simulated devices says farewell one by one; what has ended sooner does not wait.
return await CommandLine.Build().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
