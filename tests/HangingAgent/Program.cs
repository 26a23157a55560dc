using System.Runtime.InteropServices;

// An agent that comes up, does nothing, and does not end when it is asked to.
using var deaf = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
Console.WriteLine("hangs");
Thread.Sleep(Timeout.Infinite);
