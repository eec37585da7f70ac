using DefectNotifier.Worker.Commands;

// Who waits for a chat's answer goes on on the thread that polls the sockets: waking another one takes as long as what there is to do. The runtime reads this when the first socket is
// made, and knows no other switch for it. What may take longer goes to the pool: Kestrel's requests by themselves, templates in DeliveryRenderer, reads in OutboxReader.
const string inlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
Environment.SetEnvironmentVariable(inlineCompletions, Environment.GetEnvironmentVariable(inlineCompletions) ?? "1");

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
