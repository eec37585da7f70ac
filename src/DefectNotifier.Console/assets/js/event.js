// One event: what happened to it, why, and what was sent.
import { get, query } from "./api.js";
import { h, said } from "./dom.js";
import { message } from "./message.js";
import { oneDelivery, tryNow } from "./needs.js";
import { actButton, badge, button, copy, empty, failure, icon, link, severityTag, time, titleText } from "./parts.js";
import { navigate, root } from "./router.js";
import { inOrder, redraw, store } from "./store.js";
import { timeline } from "./timeline.js";
import { deliverySign, reference } from "./words.js";
import { routes } from "./routes.js";

/** @typedef {import("./types.js").StoredEvent} StoredEvent */
/** @typedef {import("./types.js").Delivery} Delivery */

const finished = new Set(["delivered", "digested", "discarded"]);

/** @param {string} id @param {URLSearchParams} query_ @returns {import("./app.js").Page} */
export function event(id, query_) {
    /** @type {StoredEvent | null} */
    let stored = null;
    /** @type {import("./types.js").EventSummary[]} */
    let family = [];
    /** @type {unknown} */
    let error = null;
    let chosen = query_.get("destination");
    const shown = message();
    const order = inOrder();

    async function read() {
        const isNew = order();
        try {
            const found = /** @type {StoredEvent} */ (await get(`/events/${encodeURIComponent(id)}`));
            if (!isNew()) return;
            stored = found;
            error = null;
            if (found.subjectId !== undefined && found.projectCode) {
                const page = await get("/events", {
                    source: found.source || undefined,
                    project: found.projectCode,
                    defect: found.subjectId,
                    limit: 50,
                });
                if (isNew()) family = page.events;
            }
        } catch (failed) {
            error = failed;
        }
        redraw();
    }

    /** @param {StoredEvent} of */
    const present = of =>
        of.deliveries.find(one => one.destination === chosen) ?? of.deliveries.find(one => !finished.has(one.state)) ?? of.deliveries[0];

    /** @param {Delivery} delivery */
    function choose(delivery) {
        navigate(`${root}events/${id}${query({ destination: delivery.destination })}`, { replace: true });
    }

    return {
        title: () => (stored ? (stored.title ?? reference(stored)) : "Event"),
        read: () => {
            shown.forget();
            read();
        },
        moved: next => {
            chosen = next.get("destination");
        },
        onEvents: frame => {
            if (
                frame.events.some(
                    row => row.id === id || (stored && row.projectCode === stored.projectCode && row.subjectId === stored.subjectId),
                )
            ) {
                shown.forget();
                read();
            }
        },
        view: () => {
            if (!stored)
                return h(
                    "div",
                    { class: "page" },
                    crumb("Event"),
                    h("header", { class: "head" }, h("div", null, h("h1", null, "Event"))),
                    error ? failure(error) : empty("Loading…"),
                );
            const delivery = present(stored);
            return h(
                "div",
                { class: "page" },
                crumb(reference(stored)),
                head(stored),
                error !== null && failure(error),
                verdict(stored, delivery),
                h(
                    "div",
                    { class: "event-columns" },
                    h("div", { class: "stack", key: "why" }, routes(stored), defect(stored, family)),
                    delivery && h("div", { class: "stack", key: "path" }, path(stored, delivery, choose)),
                    delivery && h("div", { class: "stack", key: "message" }, shown.view(delivery)),
                ),
            );
        },
    };

    /** @param {StoredEvent} of @param {Delivery | undefined} delivery */
    function verdict(of, delivery) {
        if (of.deliveries.length === 0)
            return h(
                "section",
                { class: "panel verdict bad", "aria-label": "Result" },
                h(
                    "p",
                    { class: "line" },
                    icon("split"),
                    h("span", null, of.projectCode ? ["No route takes ", said(of.projectCode), "."] : "No route takes this event."),
                ),
            );
        const isParked = delivery && delivery.state === "pending" && laneOf(delivery)?.state === "parked";
        const needsPerson = delivery && (["dead", "held"].includes(delivery.state) || isParked);
        const worst = of.deliveries.map(one => signOf(one).tone);
        return h(
            "section",
            { class: `panel verdict ${["bad", "wait"].find(tone => worst.some(one => one === tone)) ?? "good"}`, "aria-label": "Result" },
            h(
                "ul",
                null,
                of.deliveries.map(one =>
                    h(
                        "li",
                        { key: one.id, class: signOf(one).tone },
                        icon(signOf(one).icon),
                        h("span", null, said(one.sentence ?? `${one.destination}: ${signOf(one).label}`)),
                    ),
                ),
            ),
            delivery &&
                !finished.has(delivery.state) && [
                    delivery.advice && h("p", { class: "advice" }, h("b", null, "What to do"), " ", said(delivery.advice)),
                    (needsPerson || delivery.state === "deferred") && h("p", { class: "acts" }, acts(delivery)),
                ],
        );
    }

    /** @param {Delivery} delivery */
    function acts(delivery) {
        if (delivery.state === "pending")
            return actButton("Try now", () => tryNow(delivery.destination, read), { class: "main", icon: "play" });
        return oneDelivery(delivery.id, delivery.state, { isKept: delivery.isMessageKept, done: read });
    }

    /** @param {StoredEvent} of @param {Delivery} delivery @param {(delivery: Delivery) => void} pick */
    function path(of, delivery, pick) {
        return h(
            "section",
            { class: "panel", "aria-label": "Delivery" },
            h(
                "div",
                { class: "tabs", role: "tablist", "aria-label": "Destinations" },
                of.deliveries.map((one, at) =>
                    h(
                        "button",
                        {
                            key: one.id,
                            type: "button",
                            role: "tab",
                            id: `tab-${one.id}`,
                            "aria-controls": "delivery",
                            class: signOf(one).tone,
                            "aria-selected": String(one === delivery),
                            tabindex: one === delivery ? 0 : -1,
                            onclick: () => pick(one),
                            onkeydown: (/** @type {KeyboardEvent} */ key) => {
                                const step = { ArrowRight: 1, ArrowLeft: -1 }[key.key];
                                if (!step) return;
                                const next = of.deliveries[(at + step + of.deliveries.length) % of.deliveries.length];
                                pick(next);
                                queueMicrotask(() => document.getElementById(`tab-${next.id}`)?.focus());
                            },
                        },
                        icon(signOf(one).icon),
                        said(one.destination),
                        h("span", { class: "unseen" }, `: ${signOf(one).label}`),
                    ),
                ),
            ),
            h(
                "div",
                { id: "delivery", role: "tabpanel", tabindex: 0, "aria-labelledby": `tab-${delivery.id}`, class: "tabpanel" },
                h("p", null, badge(signOf(delivery)), " ", h("span", { class: "soft" }, `delivery ${delivery.id}`)),
                timeline(of, delivery, laneOf(delivery)),
                delivery.state === "discarded" && h("p", { class: "acts" }, acts(delivery)),
            ),
        );
    }
}

/** @param {Delivery} delivery */
const laneOf = delivery => store.status?.destinations.find(one => one.name === delivery.destination);

/** @param {Delivery} delivery */
const signOf = delivery => deliverySign(delivery.state, laneOf(delivery)?.state === "parked");

/** @param {string} here */
const crumb = here =>
    h(
        "nav",
        { class: "crumb", "aria-label": "Breadcrumb" },
        link(`${root}events`, null, "Events"),
        h("span", { "aria-hidden": "true" }, "›"),
        h("span", null, said(here)),
    );

/** @param {StoredEvent} stored */
const head = stored =>
    h(
        "header",
        { class: "head" },
        h(
            "div",
            null,
            h("h1", null, titleText(stored.title, reference(stored))),
            h(
                "p",
                { class: "tags" },
                severityTag(stored.severity),
                h("span", { class: "tag code" }, said(stored.name)),
                stored.projectCode && h("span", { class: "tag" }, said(reference(stored))),
                stored.actor && h("span", { class: "soft" }, "by ", said(stored.actor)),
                h(
                    "span",
                    { class: "soft" },
                    "received ",
                    time(stored.receivedAt, true),
                    stored.occurredAt && [" · happened ", time(stored.occurredAt, true)],
                    stored.decision.version && [" · configuration ", h("code", null, stored.decision.version)],
                ),
            ),
        ),
        button("Copy link", () => copy(location.href), { icon: "link" }),
    );

/** The other events of the same defect. @param {StoredEvent} stored @param {import("./types.js").EventSummary[]} family */
function defect(stored, family) {
    if (family.length < 2) return null;
    return h(
        "section",
        { class: "panel", key: "defect", "aria-labelledby": "defect" },
        h("header", { class: "bar" }, h("h2", { id: "defect" }, "All events of ", said(reference(stored)))),
        h(
            "ul",
            { class: "family" },
            family.map(one =>
                h(
                    "li",
                    { key: one.id },
                    time(one.receivedAt, true),
                    link(`${root}events/${one.id}`, { "aria-current": one.id === stored.id ? "page" : null }, said(one.name)),
                    h(
                        "span",
                        { class: "soft" },
                        one.isUnrouted ? "no route" : said(one.deliveries.map(each => each.destination).join(", ")),
                    ),
                ),
            ),
        ),
    );
}
