// Each test starts processes of its own, which keep two cores busy; the third test works while another one waits.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(DefectNotifier.FunctionalTests.Harness.MaxFirst))]
