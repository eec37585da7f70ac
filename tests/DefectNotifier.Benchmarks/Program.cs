using BenchmarkDotNet.Running;
using DefectNotifier.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(IntakeBenchmarks).Assembly).Run(args);
