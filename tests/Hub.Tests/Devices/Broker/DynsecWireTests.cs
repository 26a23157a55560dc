using System.Text;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Devices.Broker;

namespace ThreeClassrooms.Hub.Tests.Devices.Broker;

public sealed class DynsecWireTests
{
    [Fact]
    public void Commands_AreThePluginsJson() => Assert.Equal(
        """
        {"commands":[{"command":"createClient","correlationData":"b1","username":"a","clientid":"a","password":"p"},{"command":"disableClient","correlationData":"b1","username":"a"}]}
        """,
        Encoding.UTF8.GetString(DynsecWire.Write([new CreateUser("a", "p"), new DisableUser("a")], "b1")));

    [Fact]
    public void Answers_AreReadInTheirOrder()
    {
        List<DynsecAnswer>? answers = DynsecWire.Read(
            """{"responses":[{"command":"createClient","error":"Client already exists","correlationData":"b1"},{"command":"deleteClient","correlationData":"b1"}]}"""u8, "b1");
        Assert.Equal([BrokerRefusal.AlreadyThere, null], answers!.Select(DynsecWire.RefusalOf));
    }

    [Theory]
    [InlineData("""{"responses":[{"command":"x","correlationData":"b2"}]}""")]
    [InlineData("""{"responses":[]}""")]
    [InlineData("""{"responses":7}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    [InlineData("")]
    public void AnswerOfAnotherBatch_OrNone_IsNotOurs(string json) => Assert.Null(DynsecWire.Read(Encoding.UTF8.GetBytes(json), "b1"));

    [Fact]
    public void ForeignBytes_NeverThrow() => FsCheck.Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(bytes =>
    {
        DynsecWire.Read(bytes, "b1");
        return true;
    }));
}
