using System.Collections;
using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ThreeClassrooms.Hub.Tests.Timetable;

/// <summary>What the binder of forms cannot fill it leaves empty without a word, so no page may ask it to.</summary>
public sealed class BoundFormTests
{
    [Fact]
    public void EveryBoundCollection_IsOneThatTheBinderFills()
    {
        List<string> wrong = [];
        HashSet<Type> seen = [];
        foreach (Type page in typeof(Program).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PageModel)) && !t.IsAbstract))
        {
            foreach (PropertyInfo bound in page.GetProperties().Where(p => p.GetCustomAttribute<BindPropertyAttribute>() is not null))
            {
                Examine($"{page.FullName}.{bound.Name}", bound.PropertyType, bound.CanWrite, seen, wrong);
            }

            foreach (ParameterInfo parameter in page.GetMethods().Where(m => m.Name.StartsWith("On", StringComparison.Ordinal) && m.DeclaringType == page).SelectMany(m => m.GetParameters()))
            {
                Examine($"{page.FullName}.{parameter.Member.Name}({parameter.Name})", parameter.ParameterType, true, seen, wrong);
            }
        }

        Assert.NotEmpty(seen);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static void Examine(string name, Type type, bool writable, HashSet<Type> seen, List<string> wrong)
    {
        if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
        {
            bool filled = type.IsArray ? writable : type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(List<>) || type.GetGenericTypeDefinition() == typeof(Dictionary<,>));
            if (!filled)
            {
                wrong.Add($"{name}: {type.Name} stays as it was; make it a List, an array or a Dictionary");
            }

            type = type.IsArray ? type.GetElementType()! : type.GetGenericArguments().LastOrDefault() ?? type;
        }

        if (type.Assembly == typeof(Program).Assembly && !type.IsEnum && seen.Add(type))
        {
            foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || p.PropertyType != typeof(string)))
            {
                bool computed = !property.CanWrite && !property.PropertyType.IsAssignableTo(typeof(IList));
                if (!computed)
                {
                    Examine($"{type.FullName}.{property.Name}", property.PropertyType, property.CanWrite, seen, wrong);
                }
            }
        }
    }
}
