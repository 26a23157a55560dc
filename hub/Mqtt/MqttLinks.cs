namespace ThreeClassrooms.Mqtt;

/// <summary>Makes links with the client that this build has.</summary>
public static class MqttLinks
{
    /// <param name="time">For the pauses between attempts.</param>
    public static IMqttLink Create(MqttLinkSettings settings, TimeProvider time) =>
#if MQTTNET
        new MqttNetLink(settings, time);
#else
        new Native.MosquittoLink(settings, time);
#endif
}
