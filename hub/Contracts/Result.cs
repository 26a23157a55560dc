namespace ThreeClassrooms.Contracts;

/// <summary>A value, or the reason why there is none. An expected refusal is a value, never an exception.</summary>
public readonly struct Result<T, TRefusal>
    where TRefusal : struct, Enum
{
    private readonly T? _value;

    private Result(T? value, TRefusal? refusal) => (_value, Refusal) = (value, refusal);

    /// <summary>Null when the call succeeded.</summary>
    public TRefusal? Refusal { get; }

    public bool IsOk => Refusal is null;

    /// <exception cref="InvalidOperationException">The call was refused: ask <see cref="IsOk"/> first.</exception>
    public T Value => IsOk ? _value! : throw new InvalidOperationException($"Refused: {Refusal}");

    public static implicit operator Result<T, TRefusal>(T value) => new(value, null);

    public static implicit operator Result<T, TRefusal>(TRefusal refusal) => new(default, refusal);
}
