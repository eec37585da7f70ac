// Each test starts processes of its own: more at once would only make each of them slower.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]
