namespace ThreeClassrooms.Hub.Credit;

/// <summary>Policy, judgement and ledger of recognised class hours.</summary>
internal static class CreditFeature
{
    public static IServiceCollection AddCredit(this IServiceCollection services, CreditPolicy policy) =>
        services.AddSingleton(policy).AddScoped<LessonJudge>().AddScoped<DecisionDesk>();
}
