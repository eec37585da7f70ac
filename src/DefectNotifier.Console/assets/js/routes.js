// Why the event went where it went: each route with each of its conditions.
import { h, said } from "./dom.js";
import { icon } from "./parts.js";
import { count } from "./words.js";

/** @typedef {import("./types.js").Verdict} Verdict */

/** This many or more consecutive routes that do not match are folded. */
const foldFrom = 4;

/** @param {import("./types.js").StoredEvent} stored */
export function routes(stored) {
    const { decision } = stored;
    const title = stored.deliveries.length > 0 ? "Why it went there" : "Why nobody received it";
    return h(
        "section",
        { class: "panel", key: "routes", "aria-labelledby": "routes" },
        h("header", { class: "bar" }, h("h2", { id: "routes" }, title)),
        decision.verdicts
            ? h("ol", { class: "routes" }, tree(decision.verdicts, decision))
            : h(
                  "p",
                  { class: "empty" },
                  decision.version
                      ? "The routes have changed since, so their conditions are not shown."
                      : "No route was evaluated for this event.",
                  decision.deliveries.map(one => h("span", { class: "pill" }, said(one.destination))),
              ),
    );
}

/** @param {Verdict[]} verdicts @param {import("./types.js").Decision} decision */
function tree(verdicts, decision) {
    const evaluated = verdicts.filter(isEvaluated);
    const skipped = verdicts.filter(one => !isEvaluated(one));
    /** @type {import("./dom.js").Child[]} */
    const items = [];
    for (let from = 0; from < evaluated.length;) {
        let to = from;
        while (to < evaluated.length && !evaluated[to].matched) to++;
        const failed = evaluated.slice(from, to).map(one => node(one, decision));
        items.push(failed.length < foldFrom ? failed : fold(`${count(failed.length, "route")} did not match`, failed));
        if (to < evaluated.length) items.push(node(evaluated[to], decision));
        from = to + 1;
    }
    if (skipped.length > 0)
        items.push(
            fold(
                `${count(skipped.length, "route was", "routes were")} not evaluated`,
                skipped.map(one => node(one, decision)),
            ),
        );
    return items;
}

/** @param {Verdict} one */
const isEvaluated = one => one.evaluated !== false && !/^not evaluated/.test(one.reason);

/** @param {string} label @param {import("./dom.js").Child[]} items */
const fold = (label, items) =>
    h(
        "li",
        { class: "route other", key: label },
        h("span", { class: "knot" }, icon("dots")),
        h("details", null, h("summary", null, label), h("ol", { class: "routes" }, items)),
    );

/** @param {Verdict} verdict @param {import("./types.js").Decision} decision */
function node(verdict, decision) {
    const to = decision.deliveries.filter(one => one.route === verdict.route);
    const tests = verdict.tests ?? [{ text: verdict.reason, passed: verdict.matched }];
    return h(
        "li",
        { key: verdict.route, class: `route ${verdict.matched ? "yes" : "no"}` },
        h("span", { class: "knot" }, icon(verdict.matched ? "tick" : isEvaluated(verdict) ? "cross" : "dots")),
        h(
            "p",
            null,
            h("b", null, verdict.matched ? "Matches" : isEvaluated(verdict) ? "Does not match" : "Not evaluated"),
            " ",
            h("code", null, `Routes:${verdict.route}`),
        ),
        h(
            "ul",
            { class: "tests" },
            tests.map(test =>
                h(
                    "li",
                    { class: test.passed ? "yes" : "no" },
                    isEvaluated(verdict) && icon(test.passed ? "tick" : "cross"),
                    h("span", { class: "unseen" }, test.passed ? "met: " : "not met: "),
                    said(test.text),
                ),
            ),
        ),
        verdict.matched &&
            to.length > 0 &&
            h(
                "p",
                { class: "to" },
                icon("arrow"),
                h("span", { class: "unseen" }, "to "),
                to.map(one => h("span", { class: "pill", key: one.destination }, said(one.destination))),
                to.some(one => one.fallback) && h("span", { class: "soft" }, "fallback ", said(to.find(one => one.fallback)?.fallback)),
            ),
    );
}
