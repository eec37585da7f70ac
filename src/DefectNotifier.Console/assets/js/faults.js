// What needs a person besides the deliveries that failed: destinations, files, events without a route.
import { h, said } from "./dom.js";
import { needCard } from "./needs.js";
import { link, time } from "./parts.js";
import { root } from "./router.js";
import { store } from "./store.js";
import { count } from "./words.js";

export function faults() {
    const status = store.status;
    if (!status) return null;
    // The page lists dead and held deliveries below.
    const others = status.needs.filter(need => need.kind !== "dead" && need.kind !== "held");
    return [
        others.length > 0 &&
            h(
                "section",
                { key: "needs", class: "stack close", "aria-labelledby": "others" },
                h("h2", { id: "others", class: "unseen" }, "What else needs a person"),
                others.map(need => needCard(need)),
            ),
        files(status.configuration),
        status.unrouted.length > 0 &&
            h(
                "section",
                { key: "unrouted", class: "panel", "aria-labelledby": "unrouted" },
                h(
                    "header",
                    { class: "bar" },
                    h("h2", { id: "unrouted" }, "Events that no route takes"),
                    h("span", { class: "soft" }, "the last 24 hours"),
                ),
                h(
                    "ul",
                    { class: "simple" },
                    status.unrouted.map(one =>
                        h(
                            "li",
                            { key: one.projectCode ?? "" },
                            h("b", null, one.projectCode ? said(one.projectCode) : "without a project"),
                            h("span", null, count(one.count, "event")),
                            h("span", { class: "soft" }, "last at ", time(one.lastAt)),
                            link(`${root}events/${one.lastEventId}`, null, "See why"),
                            link(
                                `${root}events?state=unrouted${one.projectCode ? `&project=${encodeURIComponent(one.projectCode)}` : ""}`,
                                null,
                                "All of them",
                            ),
                        ),
                    ),
                ),
            ),
    ];
}

/** What is wrong in the files. @param {import("./types.js").Configuration | undefined} configuration */
function files(configuration) {
    if (!configuration) return null;
    /** @type {[string, string[]][]} */
    const groups = [
        ["Settings with errors", configuration.rejected],
        ["Templates with errors", configuration.brokenTemplates],
        ["Changes that wait for a restart", configuration.waitsForRestart],
    ];
    const wrong = groups.filter(([, places]) => places.length > 0);
    return (
        wrong.length > 0 &&
        h(
            "section",
            { key: "files", class: "panel", "aria-labelledby": "files" },
            h("header", { class: "bar" }, h("h2", { id: "files" }, "Settings and templates")),
            wrong.map(([label, places]) =>
                h(
                    "div",
                    { class: "group", key: label },
                    h("h3", null, label),
                    h(
                        "ul",
                        { class: "simple" },
                        places.map(one => h("li", { key: one }, h("code", null, said(one)))),
                    ),
                ),
            ),
        )
    );
}
