// All stored events, newest first, filtered by the address.
import { get } from "./api.js";
import { h, said } from "./dom.js";
import { unroutedBadge } from "./feed.js";
import { filters } from "./filters.js";
import { badge, button, copy, empty, failure, link, severityTag, time, titleText } from "./parts.js";
import { root } from "./router.js";
import { redraw, store } from "./store.js";
import { capital, deliverySign, deliveryStates, reference, severities } from "./words.js";
import { windowed } from "./window.js";

/** @typedef {import("./types.js").EventSummary} EventSummary */

const pageSize = 200;
/** A page may be empty although there are more. After this many empty pages in a row, only the button loads the next one. */
const maxEmptyPages = 20;
/** The shortest time between two requests for new events, in milliseconds. */
const lookPause = 1_000;

const names = ["project", "name", "severity", "destination", "state", "reason", "defect", "text", "since", "until"];

/** @param {URLSearchParams} asked @returns {import("./app.js").Page} */
export function events(asked) {
    let values = asked;
    /** @type {EventSummary[]} */
    let rows = [];
    /** Newer ones that the filter finds. @type {EventSummary[]} */
    let fresh = [];
    /** @type {number | undefined} */
    let next;
    /** @type {unknown} */
    let error = null;
    let isReading = false;
    let isLoaded = false;
    let reading = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let looking;

    const parameters = () => Object.fromEntries(names.map(name => [name, values.get(name) ?? undefined]));

    const list = windowed({
        rows: () => rows,
        key: row => row.id,
        view: row,
        label: "Events",
        nearEnd: () => {
            if (isLoaded && next !== undefined && !isReading && error === null) more();
        },
    });

    async function read() {
        reading.abort();
        reading = new AbortController();
        const { signal } = reading;
        isLoaded = false;
        isReading = true;
        error = null;
        redraw();
        try {
            const page = await get("/events", { ...parameters(), limit: 50 }, signal);
            [rows, next, fresh] = [page.events, page.next, []];
            isLoaded = true;
        } catch (failed) {
            if (signal.aborted) return;
            error = failed;
        }
        isReading = false;
        redraw();
        if (rows.length < 50 && next !== undefined && error === null) more();
    }

    async function more() {
        const { signal } = reading;
        isReading = true;
        redraw();
        try {
            for (let tries = 0; next !== undefined && tries < maxEmptyPages; tries++) {
                const page = await get("/events", { ...parameters(), before: next, limit: pageSize }, signal);
                rows = [...rows, ...page.events];
                next = page.next;
                if (page.events.length > 0) break;
            }
        } catch (failed) {
            if (signal.aborted) return;
            error = failed;
        }
        isReading = false;
        redraw();
    }

    // The service applies the filter, so a new row never appears in a list that it does not belong to.
    async function look() {
        looking = undefined;
        const { signal } = reading;
        try {
            const page = /** @type {import("./types.js").EventSummaryPage} */ (
                await get("/events", { ...parameters(), limit: 50 }, signal)
            );
            const known = new Set(rows.map(one => one.id));
            const top = rows[0]?.sequence ?? 0;
            fresh = page.events.filter(one => !known.has(one.id) && one.sequence > top);
            replace(page.events);
            redraw();
        } catch {
            // The banner says that the connection is lost.
        }
    }

    /** @param {EventSummary[]} changed */
    function replace(changed) {
        const byId = new Map(changed.map(one => [one.id, one]));
        rows = rows.map(one => byId.get(one.id) ?? one);
    }

    return {
        title: () => "Events",
        // After a gap the list stays where it is, and what is new is offered.
        read: () => (isLoaded ? look() : read()),
        moved: query => {
            if (String(query) === String(values)) return;
            values = query;
            scrollTo(0, 0);
            read();
        },
        onEvents: frame => {
            replace(frame.events);
            looking ??= setTimeout(look, lookPause);
            redraw();
        },
        leave: () => {
            reading.abort();
            clearTimeout(looking);
            list.leave();
        },
        view: () =>
            h(
                "div",
                { class: "page" },
                h(
                    "header",
                    { class: "head" },
                    h("div", null, h("h1", null, "Events"), h("p", { class: "soft" }, summary())),
                    button("Copy link", () => copy(location.href), { icon: "link" }),
                ),
                filters({ address: `${root}events`, fields: fields(), values }),
                h(
                    "section",
                    { class: "panel", "aria-label": "Result" },
                    fresh.length > 0 &&
                        button(
                            `${fresh.length === 50 ? "50 or more" : fresh.length} new`,
                            () => {
                                scrollTo(0, 0);
                                read();
                            },
                            { class: "news" },
                        ),
                    error !== null && failure(error),
                    rows.length > 0
                        ? list.view()
                        : error === null && empty(isReading ? "Loading…" : "No stored event matches these filters."),
                    rows.length > 0 && isReading && empty("Loading more…"),
                    next !== undefined && !isReading && button("Load more", more, { class: "more" }),
                ),
            ),
    };

    function summary() {
        if (!isLoaded) return "Newest first.";
        return next === undefined
            ? `${rows.length.toLocaleString("en")} found, newest first.`
            : `Newest first; ${rows.length.toLocaleString("en")} loaded so far.`;
    }
}

/** @returns {import("./filters.js").Field[]} */
const fields = () => [
    { name: "text", label: "Words of the title", type: "search" },
    { name: "project", label: "Project", hint: "WEB or SHOP*" },
    { name: "defect", label: "Defect", hint: "97" },
    { name: "name", label: "Event", hint: "defect.*" },
    { name: "severity", label: "Severity", options: [["", "any"], ...severities.map(pair)] },
    {
        name: "destination",
        label: "Destination",
        options: [["", "any"], ...(store.status?.destinations ?? []).map(one => /** @type {[string, string]} */ ([one.name, one.name]))],
    },
    {
        name: "state",
        label: "State",
        options: [
            ["", "any"],
            ...deliveryStates.map(
                state => /** @type {[string, string]} */ ([state, state === "unrouted" ? "No route" : deliverySign(state).label]),
            ),
        ],
    },
    { name: "reason", label: "Reason", hint: "rate-limited" },
    { name: "since", label: "Since", hint: "2d or 2026-03-14" },
    { name: "until", label: "Until", hint: "12h or 2026-03-15" },
];

/** @param {string} word @returns {[string, string]} */
const pair = word => [word, capital(word)];

/** @param {EventSummary} event */
function row(event) {
    const shown = event.deliveries.slice(0, 3);
    return [
        h("div", { class: "row-time" }, time(event.receivedAt, true)),
        h(
            "div",
            { class: "row-what" },
            h("p", { class: "cut" }, link(`${root}events/${event.id}`, null, titleText(event.title, event.name))),
            h(
                "p",
                { class: "soft cut" },
                said(reference(event)),
                event.projectCode && [" · ", said(event.name)],
                event.actor && [" · ", said(event.actor)],
            ),
        ),
        h("div", { class: "row-severity" }, severityTag(event.severity)),
        h(
            "div",
            { class: "row-fates" },
            event.isUnrouted
                ? unroutedBadge(event)
                : [
                      shown.map(one => {
                          const sign = deliverySign(one.state);
                          return badge(sign, [said(one.destination), h("span", { class: "unseen" }, `: ${sign.label}`)]);
                      }),
                      event.deliveries.length > shown.length && h("span", { class: "soft" }, `+${event.deliveries.length - shown.length}`),
                  ],
        ),
    ];
}
