// What happened to a delivery, in order: received, attempts, waits, operator actions.
import { h, said } from "./dom.js";
import { icon, link, preciseTime, time } from "./parts.js";
import { query } from "./api.js";
import { root } from "./router.js";
import { now } from "./store.js";
import { length } from "./time.js";
import { actionLabel, outcomeSign, plain, stepLabel } from "./words.js";

/** @typedef {import("./dom.js").Child} Child */

/** A pause between two lines is shown from this length, in milliseconds. */
const shortestWait = 1_000;

/**
 * @param {import("./types.js").StoredEvent} stored
 * @param {import("./types.js").Delivery} delivery
 * @param {import("./types.js").Destination | undefined} lane
 */
export function timeline(stored, delivery, lane) {
    /** @type {{ at: string, end: string, reason?: string, item: Child }[]} */
    const steps = [
        {
            at: stored.receivedAt,
            end: stored.receivedAt,
            item: line("", "inbox", preciseTime(stored.receivedAt), "Received", "stored on disk"),
        },
        ...delivery.history.map(attempt => {
            const sign = outcomeSign(attempt.outcome, !attempt.endedAt);
            const took = attempt.endedAt ? Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt) : null;
            const facts = [`attempt ${attempt.number}`, stepLabel(attempt.step), took === null ? null : length(took)]
                .filter(Boolean)
                .join(", ");
            return {
                at: attempt.startedAt,
                end: attempt.endedAt ?? attempt.startedAt,
                reason: attempt.reason,
                item: line(
                    sign.tone,
                    sign.icon,
                    preciseTime(attempt.startedAt),
                    sign.label,
                    facts,
                    attempt.reason && attempt.reason !== "ok" && h("p", null, "reason: ", h("b", null, plain(attempt.reason))),
                    attempt.detail && h("code", { class: "answer" }, said(attempt.detail)),
                ),
            };
        }),
        ...(delivery.actions ?? []).map(action => ({
            at: action.at,
            end: action.at,
            item: line("none", "person", preciseTime(action.at), actionLabel(action.what), [
                "by ",
                action.by ? said(action.by) : "an operator",
            ]),
        })),
    ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));

    /** @type {Child[]} */
    const items = [];
    for (const [at, step] of steps.entries()) {
        const before = steps[at - 1];
        const waited = before ? Date.parse(step.at) - Date.parse(before.end) : 0;
        if (waited >= shortestWait) items.push(wait(length(waited), before.reason));
        items.push(step.item);
    }
    const last = steps[steps.length - 1];
    items.push(rest(delivery, lane, last.end));
    return h("ol", { class: "timeline" }, items);
}

/** What follows the last step. @param {import("./types.js").Delivery} delivery @param {import("./types.js").Destination | undefined} lane
 * @param {string} since */
function rest(delivery, lane, since) {
    if (delivery.state === "pending")
        return line(
            "wait",
            "clock",
            "now",
            lane?.state === "parked" ? "Destination parked" : lane?.state === "waiting" ? "Destination waiting" : "Pending",
            [
                `for ${length(now() - Date.parse(since))}`,
                lane?.reason && [", reason: ", h("b", null, lane.meaning ?? plain(lane.reason))],
                lane?.until && [", next attempt ", time(lane.until, true)],
            ],
        );
    if (delivery.state === "deferred")
        return line(
            "wait",
            "moon",
            delivery.dueAt ? time(delivery.dueAt) : "later",
            "Deferred",
            delivery.silence
                ? [
                      link(`${root}silences`, null, `silence ${delivery.silence.id}`),
                      " by ",
                      said(delivery.silence.by),
                      ": ",
                      said(delivery.silence.why),
                  ]
                : [plain(delivery.reason), delivery.dueAt && [", until ", time(delivery.dueAt)]],
        );
    if (delivery.state === "digested")
        return line("good", "stack", "", "In a digest", [
            `delivery ${delivery.digest?.id ?? ""}`,
            delivery.digest?.state && `, ${plain(delivery.digest.state)} `,
            " ",
            link(`${root}events${query({ destination: delivery.destination, name: "digest" })}`, null, "Digests of this destination"),
        ]);
    const ended =
        delivery.reference &&
        line(
            "",
            "link",
            delivery.endedAt ? preciseTime(delivery.endedAt) : "",
            "Reference in the chat",
            h("code", { class: "answer" }, said(delivery.reference)),
        );
    const isWithoutAttempt = delivery.history.length === 0 && delivery.reason && delivery.reason !== "ok";
    return [
        isWithoutAttempt &&
            line("none", "dot", delivery.endedAt ? preciseTime(delivery.endedAt) : "", "No attempt", ["reason: ", plain(delivery.reason)]),
        ended,
    ];
}

/** @param {string} length @param {string | undefined} reason */
const wait = (length, reason) =>
    h(
        "li",
        { class: "gap" },
        h("span", { class: "at" }, length),
        h("span", { class: "knot" }),
        h("div", { class: "soft" }, "waited", reason && reason !== "ok" && `: ${plain(reason)}`),
    );

/** @param {string} tone @param {string} sign @param {Child} at @param {Child} label @param {Child} facts @param {...Child} more */
const line = (tone, sign, at, label, facts, ...more) =>
    h(
        "li",
        { class: tone },
        h("span", { class: "at" }, at),
        h("span", { class: "knot" }, icon(sign)),
        h("div", null, h("b", null, label), h("p", { class: "soft" }, facts), more),
    );
