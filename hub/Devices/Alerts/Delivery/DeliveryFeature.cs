using ThreeClassrooms.Hub.Devices.Alerts.Delivery.Sending;
using ThreeClassrooms.Hub.Hosting;

namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>How alerts reach people: channels, the queue, the senders. Added before the engine, whose first notice must find the channels.</summary>
internal static class DeliveryFeature
{
    public static IServiceCollection AddAlertDelivery(this IServiceCollection services) => services
        .AddSingleton<SecretBox>()
        .AddSingleton<ConnectGuard>()
        .AddSingleton<RobotSender>()
        .AddSingleton<MailSender>()
        .AddSingleton<Courier>()
        .AddSingleton<ChannelRegister>()
        .AddSingleton<INoticeQueue, NoticeQueue>()
        .AddSingleton<DeliveryStore>()
        .AddSingleton<DeliveryLoop>()
        .AddHostedService(s => s.GetRequiredService<DeliveryLoop>())
        .AddScoped<ChannelDesk>()
        .AddRateLimit(RateLimits.AlertTrial, 20, http => http.User.Identity?.Name);
}
