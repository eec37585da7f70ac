// "What came in": the newest events, live. It stands still while it is paused, or while the pointer or the focus is in it.
import { get } from "./api.js";
import { h, said } from "./dom.js";
import { badge, button, empty, link, time, titleText } from "./parts.js";
import { query } from "./api.js";
import { root } from "./router.js";
import { inOrder, redraw, store } from "./store.js";
import { capital, count, deliverySign, reference } from "./words.js";

/** @typedef {import("./types.js").EventSummary} EventSummary */

const maxRows = 200;
/** This many or more consecutive events of one project become one entry. */
const burstSize = 5;
const burstGap = 120_000;

export function feed() {
    /** Newest first. @type {EventSummary[]} */
    let rows = [];
    /** Newer ones, not shown yet. @type {Map<string, EventSummary>} */
    let waiting = new Map();
    /** How many new ones were only counted. */
    let unlisted = 0;
    let isPaused = false;
    let isHeld = false;
    let error = "";
    let isLoaded = false;
    /** What the stream sent since the list was asked for last: the response may be older. @type {EventSummary[]} */
    let sent = [];
    const order = inOrder();

    const isStill = () => isPaused || isHeld;

    async function read() {
        const isNew = order();
        sent = [];
        try {
            const page = await get("/events", { limit: 100 });
            if (!isNew()) return;
            error = "";
            isLoaded = true;
            unlisted = 0;
            take([...page.events, ...sent]);
        } catch (failure) {
            error = failure instanceof Error ? failure.message : String(failure);
        }
        redraw();
    }

    /** @param {EventSummary[]} events */
    function take(events) {
        const known = new Map(rows.map(row => [row.id, row]));
        for (const event of events) {
            if (known.has(event.id)) known.set(event.id, event);
            else waiting.set(event.id, event);
        }
        rows = [...known.values()];
        if (!isStill()) flush();
    }

    function flush() {
        rows = [...waiting.values(), ...rows].sort((one, other) => other.sequence - one.sequence).slice(0, maxRows);
        waiting = new Map();
        if (unlisted > 0) {
            unlisted = 0;
            read();
        }
    }

    /** @param {boolean} held */
    function hold(held) {
        isHeld = held;
        if (!isStill()) flush();
        redraw();
    }

    /** @param {FocusEvent} event */
    const leaves = event =>
        !(
            event.currentTarget instanceof Element &&
            event.relatedTarget instanceof Node &&
            event.currentTarget.contains(event.relatedTarget)
        );

    return {
        read,
        /** @param {import("./types.js").EventsFrame} frame */
        add(frame) {
            unlisted += frame.more ?? 0;
            sent = [...sent, ...frame.events].slice(-maxRows);
            take(frame.events);
            redraw();
        },
        view() {
            const news = waiting.size + unlisted;
            return h(
                "section",
                {
                    class: "panel feed",
                    key: "feed",
                    "aria-labelledby": "feed",
                    onpointerenter: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && hold(true),
                    onpointerleave: (/** @type {PointerEvent} */ event) => event.pointerType === "mouse" && hold(false),
                    onfocusin: () => !isHeld && hold(true),
                    onfocusout: (/** @type {FocusEvent} */ event) => leaves(event) && hold(false),
                },
                h(
                    "header",
                    { class: "bar" },
                    h("h2", { id: "feed" }, "What came in"),
                    h(
                        "span",
                        { class: `live ${store.lostAt !== null ? "bad" : isStill() || store.isPolling ? "wait" : "good"}` },
                        store.lostAt !== null ? "Not connected" : isStill() ? "Paused" : store.isPolling ? "Not live" : "Live",
                    ),
                    button(
                        isPaused ? "Continue" : "Pause",
                        () => {
                            isPaused = !isPaused;
                            if (!isPaused) flush();
                            redraw();
                        },
                        { class: "quiet", icon: isPaused ? "play" : "pause" },
                    ),
                ),
                news > 0 &&
                    isStill() &&
                    button(
                        `${news} new`,
                        () => {
                            flush();
                            redraw();
                        },
                        { class: "news", key: "news" },
                    ),
                error
                    ? h("p", { class: "empty" }, error)
                    : rows.length === 0
                      ? empty(isLoaded ? "No events yet." : "Loading…")
                      : h(
                            "ol",
                            { class: "events" },
                            entries(rows).map(entry => (Array.isArray(entry) ? burst(entry) : single(entry))),
                        ),
            );
        },
    };
}

/** Events in a row of one project and name become one entry. @param {EventSummary[]} rows @returns {(EventSummary | EventSummary[])[]} */
function entries(rows) {
    /** @type {(EventSummary | EventSummary[])[]} */
    const all = [];
    for (let from = 0; from < rows.length;) {
        let to = from + 1;
        while (
            to < rows.length &&
            rows[to].projectCode === rows[from].projectCode &&
            rows[to].name === rows[from].name &&
            Date.parse(rows[to - 1].receivedAt) - Date.parse(rows[to].receivedAt) < burstGap
        )
            to++;
        if (to - from >= burstSize) all.push(rows.slice(from, to));
        else all.push(...rows.slice(from, to));
        from = to;
    }
    return all;
}

/** @param {EventSummary} event */
const single = event =>
    h(
        "li",
        { key: event.id, class: "event", "data-severity": event.severity },
        h(
            "p",
            { class: "soft line" },
            h("span", null, said(reference(event)), event.projectCode && [" · ", said(event.name)]),
            time(event.receivedAt, true),
        ),
        h("h3", null, link(`${root}events/${event.id}`, null, titleText(event.title, event.name))),
        fates(event),
    );

/** @param {EventSummary} event */
function fates(event) {
    if (event.isUnrouted) return h("p", { class: "fates" }, unroutedBadge(event));
    const parked = new Set(store.status?.destinations.filter(one => one.state === "parked").map(one => one.name));
    return h(
        "p",
        { class: "fates" },
        event.deliveries.map(delivery => {
            const sign = deliverySign(delivery.state, parked.has(delivery.destination));
            return h(
                "span",
                { key: delivery.id, title: sign.label },
                badge(sign, [said(delivery.destination), h("span", { class: "unseen" }, `: ${sign.label}`)]),
            );
        }),
    );
}

/** @param {{ projectCode?: string }} event */
export const unroutedBadge = event =>
    badge(
        { tone: "bad", icon: "split", label: "" },
        event.projectCode ? ["No route takes ", said(event.projectCode)] : "No route takes it",
    );

/** @param {EventSummary[]} events */
function burst(events) {
    const [newest] = events;
    /** @type {Map<string, number>} */
    const titles = new Map();
    /** @type {Map<string, Map<string, number>>} */
    const fatesOf = new Map();
    for (const event of events) {
        const title = event.title ?? reference(event);
        titles.set(title, (titles.get(title) ?? 0) + 1);
        for (const { destination, state } of event.deliveries) {
            const states = fatesOf.get(destination) ?? new Map();
            fatesOf.set(destination, states.set(state, (states.get(state) ?? 0) + 1));
        }
    }
    const top = [...titles].sort((one, other) => other[1] - one[1]).slice(0, 3);
    const oldest = /** @type {EventSummary} */ (events.at(-1));
    // The entry keeps its key while it grows.
    return h(
        "li",
        { key: `burst ${newest.projectCode} ${oldest.id}`, class: "event burst", "data-severity": newest.severity },
        h(
            "p",
            { class: "soft line" },
            h("span", null, said(newest.projectCode ?? newest.source), " · ", said(newest.name)),
            time(newest.receivedAt, true),
        ),
        h(
            "h3",
            null,
            link(`${root}events${query({ project: newest.projectCode, name: newest.name })}`, null, count(events.length, "event")),
        ),
        h(
            "ul",
            { class: "titles" },
            top.map(([title, many]) => h("li", { key: title }, h("b", null, `${many} × `), said(title))),
            titles.size > top.length && h("li", { class: "soft" }, `and ${count(titles.size - top.length, "more title")}`),
        ),
        newest.isUnrouted && h("p", { class: "fates" }, unroutedBadge(newest)),
        h(
            "p",
            { class: "fates" },
            [...fatesOf].map(([destination, states]) =>
                [...states].map(([state, many]) => {
                    const sign = deliverySign(state);
                    return badge(sign, [said(destination), `: ${many} ${capital(state).toLowerCase()}`]);
                }),
            ),
        ),
    );
}
