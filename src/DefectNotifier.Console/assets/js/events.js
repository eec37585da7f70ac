// All stored events, newest first, filtered by the address.
import { h, said } from "./dom.js";
import { unroutedBadge } from "./feed.js";
import { filters } from "./filters.js";
import { paged } from "./pages.js";
import { badge, button, copy, empty, failure, link, severityTag, time, titleText } from "./parts.js";
import { root } from "./router.js";
import { redraw, store } from "./store.js";
import { capital, deliverySign, deliveryStates, reference, severities } from "./words.js";
import { windowed } from "./window.js";

/** @typedef {import("./types.js").EventSummary} EventSummary */

const firstSize = 50;
/** The shortest time between two requests for new events, in milliseconds. */
const lookPause = 1_000;

const names = ["project", "name", "severity", "destination", "state", "reason", "defect", "text", "since", "until"];

/** @param {URLSearchParams} query @returns {import("./app.js").Page} */
export function events(query) {
    let values = query;
    /** Newer ones that the filter finds. @type {EventSummary[]} */
    let fresh = [];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let looking;

    /** @type {ReturnType<typeof paged<EventSummary>>} */
    const pages = paged({
        path: "/events",
        list: "events",
        parameters: () => Object.fromEntries(names.map(name => [name, values.get(name) ?? undefined])),
        first: firstSize,
        size: 200,
        onRead: () => (fresh = []),
    });

    const list = windowed({
        rows: () => pages.rows,
        key: row => row.id,
        view: row,
        label: "Events",
        nearEnd: pages.nearEnd,
    });

    function read() {
        pages.isLoaded = false;
        pages.read();
    }

    // The service applies the filter, so a new row never appears in a list that it does not belong to.
    async function look() {
        looking = undefined;
        try {
            const newest = await pages.newest();
            const known = new Set(pages.rows.map(one => one.id));
            const top = pages.rows[0]?.sequence ?? 0;
            fresh = newest.filter(one => !known.has(one.id) && one.sequence > top);
            replace(newest);
            redraw();
        } catch {
            // The banner says that the connection is lost.
        }
    }

    /** @param {EventSummary[]} changed */
    function replace(changed) {
        const byId = new Map(changed.map(one => [one.id, one]));
        pages.rows = pages.rows.map(one => byId.get(one.id) ?? one);
    }

    return {
        title: () => "Events",
        // After a gap the list stays where it is, and what is new is offered.
        read: () => (pages.isLoaded ? look() : read()),
        moved: to => {
            if (String(to) === String(values)) return;
            values = to;
            scrollTo(0, 0);
            read();
        },
        onEvents: frame => {
            replace(frame.events);
            looking ??= setTimeout(look, lookPause);
            redraw();
        },
        leave: () => {
            pages.stop();
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
                            `${fresh.length === firstSize ? `${firstSize} or more` : fresh.length} new`,
                            () => {
                                scrollTo(0, 0);
                                read();
                            },
                            { class: "news" },
                        ),
                    pages.error !== null && failure(pages.error),
                    pages.rows.length > 0
                        ? list.view()
                        : pages.error === null && empty(pages.isReading ? "Loading…" : "No stored event matches these filters."),
                    pages.rows.length > 0 && pages.isReading && empty("Loading more…"),
                    pages.next !== undefined && !pages.isReading && button("Load more", pages.more, { class: "more" }),
                ),
            ),
    };

    function summary() {
        if (!pages.isLoaded) return "Newest first.";
        const loaded = pages.rows.length.toLocaleString("en");
        return pages.next === undefined ? `${loaded} found, newest first.` : `Newest first; ${loaded} loaded so far.`;
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
