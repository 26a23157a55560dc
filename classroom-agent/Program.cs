using ThreeClassrooms.Agent.Commands;

return await CommandLine.Build().Parse(args).InvokeAsync();
