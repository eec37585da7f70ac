using Scriban;

namespace DefectNotifier.Rendering;

/// <summary>A template that was read and parsed.</summary>
/// <param name="Name">With the name as the file spells it: <c>finance/slack/defect.created.json.sbn</c>, <c>built-in:default.sbn</c>.</param>
/// <param name="Template">Parsed.</param>
/// <param name="IsJson">True: it writes the JSON of a platform. False: Markdown.</param>
internal sealed record StoredTemplate(string Name, Template Template, bool IsJson);
