Console.WriteLine("ThreeClassrooms classroom agent");
