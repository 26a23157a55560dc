using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Agent.Joining;

namespace ThreeClassrooms.Agent.Tests.Joining;

public sealed class LossMeterTests
{
    private readonly LossMeter _meter = new();

    [Fact]
    public void WorstStreamOfTheIntervalCounts()
    {
        _meter.OnCounters("out a", 1000, 10);
        _meter.OnCounters("in b", 1000, 80);
        _meter.OnCounters("in c", 50, 50); // too few to say anything
        Assert.Equal(8.0, _meter.Take());
        Assert.Null(_meter.Take());
        _meter.OnCounters("out a", 2000, 30);
        _meter.OnCounters("in b", 2000, 80);
        Assert.Equal(2.0, _meter.Take());
    }

    [Fact]
    public void NewConnection_BeginsAtZero_AndWhatComesLateIsNotLost()
    {
        _meter.OnCounters("in b", 5000, 500);
        _meter.Take();
        _meter.OnCounters("in b", 400, 20); // a new one
        Assert.Equal(5.0, _meter.Take());
        _meter.OnCounters("in b", 1400, 10);
        Assert.Equal(0.0, _meter.Take());
    }

    [Fact]
    public void WhateverIsCounted_TheShareIsAShare() => Prop.ForAll(
        Gen.Two(Gen.Choose(-1000, 100_000)).ListOf().ToArbitrary(),
        counters =>
        {
            var meter = new LossMeter();
            foreach ((int expected, int missing) in counters)
            {
                meter.OnCounters("x", expected, missing);
            }

            return meter.Take() is null or (>= 0 and <= 100);
        }).QuickCheckThrowOnFailure();
}
