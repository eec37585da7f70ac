// What needs a person: a card with advice and buttons for each.
import { ApiError, post } from "./api.js";
import { h, said } from "./dom.js";
import { actButton, icon, link, time } from "./parts.js";
import { query } from "./api.js";
import { root } from "./router.js";
import { notify, redraw } from "./store.js";
import { count, needSign } from "./words.js";

/** @typedef {import("./types.js").Need} Need */
/** @typedef {import("./dom.js").Child} Child */

/** Kinds whose count is that of waiting messages. */
const waits = new Set(["parked", "storm", "failing"]);
/** Kinds whose time is that of the latest delivery or event. */
const latest = new Set(["dead", "held", "unrouted"]);
/** What happens at the time of nextAttempt, unless it is an attempt. @type {Record<string, string>} */
const nextWords = { storm: "caught up at about ", deferred: "the first is sent at " };

/** @param {Need} need */
export const needKey = need => [need.kind, need.destination, need.projectCode, need.reason, need.deliveryId, need.title].join("|");

/** @param {Need} need @param {Child} [more] */
export function needCard(need, more) {
    const sign = needSign(need.kind);
    const facts = [
        waits.has(need.kind) && need.count !== undefined && count(need.count, "waiting", "waiting"),
        need.since && [latest.has(need.kind) && (need.count ?? 1) > 1 ? "the latest at " : "since ", time(need.since)],
        need.nextAttempt && [nextWords[need.kind] ?? "next attempt ", time(need.nextAttempt)],
        need.detail && h("code", null, said(need.detail)),
    ].filter(Boolean);
    return h(
        "article",
        { key: needKey(need), class: `need ${sign.tone}`, "data-kind": need.kind },
        h("span", { class: "disc" }, icon(sign.icon)),
        h(
            "div",
            { class: "what" },
            h(
                "h3",
                null,
                need.eventId
                    ? link(`${root}events/${need.eventId}${query({ destination: need.destination })}`, null, said(need.title))
                    : said(need.title),
            ),
            need.advice && h("p", { class: "advice" }, said(need.advice)),
            facts.length > 0 &&
                h(
                    "p",
                    { class: "facts" },
                    facts.map((fact, at) => [at > 0 && " · ", fact]),
                ),
        ),
        h("div", { class: "acts" }, acts(need)),
        more,
    );
}

/** @param {Need} need @returns {Child} */
function acts(need) {
    const { kind, destination } = need;
    switch (kind) {
        case "parked":
            return [
                see("See messages", "events", { destination, state: "pending" }),
                destination && actButton("Try now", () => tryNow(destination), { class: "main", icon: "play" }),
            ];
        case "dead":
        case "held":
            return need.deliveryId !== undefined
                ? oneDelivery(need.deliveryId, kind)
                : [see("Choose", "attention", { destination, state: kind }), ...allOf({ destination, state: [kind] })];
        case "no-destination":
            return actButton("Discard all…", () => askBulk("discard", { destination, state: ["pending"] }), { icon: "bin" });
        case "storm":
        case "failing":
            return see("See messages", "events", { destination, state: "pending" });
        case "deferred":
            return see("See messages", "events", { destination, state: "deferred" });
        case "unrouted":
            return need.eventId
                ? link(`${root}events/${need.eventId}`, { class: "button" }, "See why")
                : see("See events", "events", { state: "unrouted", project: need.projectCode });
        default:
            return null;
    }
}

/** @param {string} label @param {string} page @param {import("./api.js").Parameters} parameters */
const see = (label, page, parameters) => link(`${root}${page}${query(parameters)}`, { class: "button" }, label);

/**
 * @typedef {{ destination?: string, state?: string[], reason?: string, project?: string, ids?: number[] }} Filter
 * @param {Filter} filter
 */
export const allOf = filter => [
    actButton("Discard all…", () => askBulk("discard", filter), { icon: "bin" }),
    actButton("Retry all…", () => askBulk("retry", filter), { class: "main", icon: "again" }),
];

/** @param {number} id @param {string} state @param {{ isKept?: boolean, done?: () => void }} [options] */
export function oneDelivery(id, state, { isKept = false, done } = {}) {
    const canDiscard = ["dead", "held", "deferred"].includes(state);
    const canRetry = ["dead", "held", "discarded"].includes(state);
    return [
        canDiscard && actButton("Discard", () => discard(id, done), { icon: "bin" }),
        canRetry && isKept && actButton("Retry as stored", () => retry(id, { isKept: true, done })),
        canRetry && actButton("Retry", () => retry(id, { done }), { class: "main", icon: "again" }),
    ];
}

/** @param {() => Promise<unknown>} work @param {() => void} [done] @returns {Promise<void>} */
async function act(work, done) {
    try {
        await work();
    } catch (error) {
        notify(error instanceof ApiError ? error.message : String(error), { isError: true });
    }
    done?.();
    redraw();
}

/** @param {number} id @param {{ isKept?: boolean, done?: () => void }} [options] */
export const retry = (id, { isKept = false, done } = {}) =>
    act(async () => {
        const { destination } = await post(`/deliveries/${id}/retry${isKept ? "?rendered=true" : ""}`);
        notify(`Delivery ${id} to ${destination} is pending again.`);
    }, done);

/** @param {number} id @param {() => void} [done] */
export const discard = (id, done) =>
    act(async () => {
        const { destination } = await post(`/deliveries/${id}/discard`);
        notify(`Delivery ${id} to ${destination} is discarded.`, { action: { label: "Retry", run: () => retry(id, { done }) } });
    }, done);

/** @param {string} destination @param {() => void} [done] */
export const tryNow = (destination, done) =>
    act(async () => {
        await post(`/destinations/${encodeURIComponent(destination)}/resume`);
        notify(`The next message to ${destination} is tried now.`);
    }, done);

/** @param {"retry" | "discard"} action @param {Filter} filter @param {() => void} [done] */
export async function askBulk(action, filter, done) {
    const { bulk } = await import("./bulk.js");
    bulk(action, filter, done);
}
