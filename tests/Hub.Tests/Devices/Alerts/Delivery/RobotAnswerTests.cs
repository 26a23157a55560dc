using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery;
using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;

namespace ThreeClassrooms.Hub.Tests.Devices.Alerts.Delivery;

public sealed class RobotAnswerTests
{
    [Theory]
    [InlineData(ChannelKind.DingTalk, """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":310000,"errmsg":"sign not match, more: [https://…]"}""", DeliveryFault.WrongSign)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":310000,"errmsg":"keywords not in content"}""", DeliveryFault.KeywordMissing)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":310000,"errmsg":"invalid timestamp"}""", DeliveryFault.ClockSkew)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":310000,"errmsg":"ip 1.2.3.4 not in whitelist"}""", DeliveryFault.AddressNotAllowed)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}""", DeliveryFault.RateLimited)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":410100,"errmsg":"send too fast"}""", DeliveryFault.RateLimited)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":300001,"errmsg":"token is not exist"}""", DeliveryFault.BadToken)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":400013,"errmsg":"chat is not exist"}""", DeliveryFault.RobotOff)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":-1,"errmsg":"system busy"}""", DeliveryFault.ServerBusy)]
    [InlineData(ChannelKind.DingTalk, """{"errcode":99,"errmsg":"?"}""", DeliveryFault.Refused)]
    [InlineData(ChannelKind.WeCom, """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData(ChannelKind.WeCom, """{"errcode":93000,"errmsg":"invalid webhook url"}""", DeliveryFault.BadToken)]
    [InlineData(ChannelKind.WeCom, """{"errcode":45009,"errmsg":"api freq out of limit"}""", DeliveryFault.RateLimited)]
    [InlineData(ChannelKind.WeCom, """{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}""", DeliveryFault.BadMessage)]
    [InlineData(ChannelKind.Feishu, """{"code":0,"msg":"success","data":{}}""", null)]
    [InlineData(ChannelKind.Feishu, """{"Extra":null,"StatusCode":0,"StatusMessage":"success"}""", null)]
    [InlineData(ChannelKind.Feishu, """{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}""", DeliveryFault.WrongSign)]
    [InlineData(ChannelKind.Feishu, """{"code":19022,"msg":"Ip Not Allowed"}""", DeliveryFault.AddressNotAllowed)]
    [InlineData(ChannelKind.Feishu, """{"code":19024,"msg":"Key Words Not Found"}""", DeliveryFault.KeywordMissing)]
    [InlineData(ChannelKind.Feishu, """{"code":9499,"msg":"Bad Request","data":{}}""", DeliveryFault.BadMessage)]
    [InlineData(ChannelKind.Feishu, """{"code":11232,"msg":"frequency limited"}""", DeliveryFault.RateLimited)]
    [InlineData(ChannelKind.Feishu, """{"code":"0"}""", DeliveryFault.OddAnswer)]
    [InlineData(ChannelKind.WeCom, "<html>sign in</html>", DeliveryFault.OddAnswer)]
    [InlineData(ChannelKind.WeCom, "", DeliveryFault.OddAnswer)]
    [InlineData(ChannelKind.WeCom, "[0]", DeliveryFault.OddAnswer)]
    internal void Http200_MeansNothing_TheBodyTells(ChannelKind kind, string body, object? fault) =>
        Assert.Equal((DeliveryFault?)fault, Read(kind, HttpStatusCode.OK, body).Fault);

    [Fact]
    public void OneCodeForSignAndClock_IsToldApartByTheServicesOwnClock()
    {
        const string body = """{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}""";
        Assert.Equal(DeliveryFault.ClockSkew, RobotAnswer.Read(ChannelKind.Feishu, HttpStatusCode.OK, Encoding.UTF8.GetBytes(body), null, TimeSpan.FromHours(-2)).Fault);
        Assert.Equal(DeliveryFault.WrongSign, RobotAnswer.Read(ChannelKind.Feishu, HttpStatusCode.OK, Encoding.UTF8.GetBytes(body), null, TimeSpan.FromMinutes(3)).Fault);
    }

    [Theory]
    [InlineData(204, null)]
    [InlineData(307, DeliveryFault.ForbiddenAddress)]
    [InlineData(401, DeliveryFault.WrongSign)]
    [InlineData(404, DeliveryFault.BadToken)]
    [InlineData(413, DeliveryFault.BadMessage)]
    [InlineData(429, DeliveryFault.RateLimited)]
    [InlineData(503, DeliveryFault.ServerBusy)]
    [InlineData(418, DeliveryFault.Refused)]
    public void AWebhooksStatus_Counts(int status, object? fault)
    {
        DeliveryOutcome outcome = RobotAnswer.Read(ChannelKind.Webhook, (HttpStatusCode)status, [], TimeSpan.FromSeconds(7), null);
        Assert.Equal((DeliveryFault?)fault, outcome.Fault);
        Assert.Equal(status is 429 or 503 ? TimeSpan.FromSeconds(7) : null, outcome.Wait);
    }

    [Fact]
    public void WhateverBytesCome_NothingIsThrown_AndTheDetailIsOneShortLine() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<string>(), (bytes, words) =>
        {
            foreach (ChannelKind kind in Enum.GetValues<ChannelKind>())
            {
                _ = RobotAnswer.Read(kind, HttpStatusCode.OK, bytes, null, null);
            }

            byte[] refused = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { errcode = 7, errmsg = words + "\r\n" + new string('x', 500) });
            string detail = RobotAnswer.Read(ChannelKind.WeCom, HttpStatusCode.OK, refused, null, null).Detail!;
            return detail.Length <= DeliveryOutcome.LongestDetail && !detail.Any(char.IsControl);
        }).QuickCheckThrowOnFailure();

    private static DeliveryOutcome Read(ChannelKind kind, HttpStatusCode status, string body) =>
        RobotAnswer.Read(kind, status, Encoding.UTF8.GetBytes(body), null, TimeSpan.Zero);
}
