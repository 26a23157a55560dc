namespace ThreeClassrooms.Hub.Credit;

/// <summary>Resource set of the ledger's page.</summary>
internal sealed class CreditText;
