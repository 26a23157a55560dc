namespace ThreeClassrooms.Hub.Devices.Alerts.Delivery;

/// <summary>Resource set of channels and messages.</summary>
internal sealed class DeliveryText;
