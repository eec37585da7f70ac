// The first page: whether everything works, and what needs a person.
import { h, said } from "./dom.js";
import { destinations } from "./destinations.js";
import { feed } from "./feed.js";
import { readStatus } from "./live.js";
import { needCard } from "./needs.js";
import { nodes } from "./nodes.js";
import { icon, time } from "./parts.js";
import { now, store } from "./store.js";
import { clock } from "./time.js";

/** @typedef {import("./types.js").Destination} Destination */

/** @returns {import("./app.js").Page} */
export function overview() {
    const incoming = feed();
    return {
        title: () => store.status?.headline ?? "Overview",
        read: () => {
            readStatus().catch(() => null);
            incoming.read();
        },
        onEvents: incoming.add,
        view: () => h("div", { class: "page overview" }, head(), store.status && state(store.status), incoming.view()),
    };
}

export const search = () =>
    h(
        "form",
        { role: "search", class: "search" },
        icon("search"),
        h("input", {
            type: "search",
            name: "words",
            "aria-label": "Find events",
            placeholder: "Find: WEB-97, a project, words of a title",
            autocomplete: "off",
        }),
        h("kbd", { "aria-hidden": "true" }, "/"),
    );

function head() {
    const status = store.status;
    const version = status?.configuration;
    return h(
        "header",
        { class: "head" },
        h(
            "div",
            null,
            h("h1", null, status?.headline ?? "Overview"),
            status &&
                h(
                    "p",
                    { class: "soft" },
                    `DefectNotifier ${status.version}`,
                    version && [" · configuration ", h("code", null, version.version), " since ", time(version.since)],
                ),
        ),
        search(),
    );
}

/** @param {import("./types.js").ServiceStatus} status */
const state = status =>
    h(
        "div",
        { class: "stack", key: "state" },
        status.needs.length > 0 &&
            h(
                "section",
                { key: "needs", class: "stack close", "aria-labelledby": "needs" },
                h("h2", { id: "needs", class: "unseen" }, "What needs a person"),
                status.needs.map(need => needCard(need)),
            ),
        status.notes.length > 0 &&
            h(
                "section",
                { key: "notes", class: "stack close", "aria-labelledby": "notes" },
                h("h2", { id: "notes", class: "unseen" }, "Good to know"),
                status.notes.map(note =>
                    needCard(note, note.kind === "storm" && curve(status.destinations.find(one => one.name === note.destination))),
                ),
            ),
        destinations(status),
        nodes(status),
    );

/**
 * How many waited in the last hour, and the way to zero.
 * @param {Destination | undefined} destination
 */
function curve(destination) {
    if (!destination?.waitingLastHour?.length) return null;
    const past = destination.waitingLastHour.map(value => value ?? 0);
    const start = now() - past.length * 60_000;
    const waiting = destination.waiting ?? past.at(-1) ?? 0;
    const end = destination.caughtUpAt ? Date.parse(destination.caughtUpAt) : null;
    // Only the part that belongs to this backlog.
    const first = Math.max(
        0,
        past.findLastIndex(value => value === 0),
    );
    const from = start + first * 60_000;
    const until = Math.max(end ?? 0, now()) + 30_000;
    const top = Math.max(...past, waiting, 1) * 1.1;
    const [width, height] = [600, 90];
    const x = (/** @type {number} */ at) => (width * (at - from)) / Math.max(1, until - from);
    const y = (/** @type {number} */ value) => height - 1 - ((height - 6) * value) / top;
    const point = (/** @type {number} */ at, /** @type {number} */ value) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`;
    const known = [...past.slice(first).map((value, at) => point(from + at * 60_000, value)), point(now(), waiting)];
    const words = `${waiting.toLocaleString("en")} waiting now${end ? `, none at about ${clock(new Date(end).toISOString(), now())}` : ""}`;
    return h(
        "div",
        { class: "curve" },
        h(
            "svg",
            { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": words },
            h("path", { class: "area", d: `M${point(from, 0)} L${known.join(" L")} L${point(now(), 0)}Z` }),
            h("path", { class: "line", d: `M${known.join(" L")}` }),
            end && h("path", { class: "line ahead", d: `M${point(now(), waiting)} L${point(end, 0)}` }),
            h("path", { class: "base", d: `M0,${height - 1} L${width},${height - 1}` }),
        ),
        h(
            "p",
            { class: "axis", "aria-hidden": "true" },
            h("span", null, clock(new Date(from).toISOString(), now())),
            h("span", { css: { left: `${(100 * x(now())) / width}%` } }, "now"),
            end && h("span", null, clock(new Date(end).toISOString(), now())),
        ),
        h(
            "dl",
            { class: "figures" },
            figure("Waiting", waiting.toLocaleString("en")),
            destination.caughtUpAt && figure("Caught up at about", time(destination.caughtUpAt)),
            destination.oldestReceivedAt && figure("Oldest received", time(destination.oldestReceivedAt, true)),
            destination.perSecond && figure("Rate limit", `${destination.perSecond} per second`),
            destination.until && figure("Continues", time(destination.until, true)),
        ),
    );
}

/** @param {string} name @param {import("./dom.js").Child} value */
const figure = (name, value) => h("div", null, h("dt", null, name), h("dd", null, typeof value === "string" ? said(value) : value));
