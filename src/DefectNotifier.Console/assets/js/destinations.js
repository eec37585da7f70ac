// The destinations: state, what waits, the last hour, the last message.
import { query } from "./api.js";
import { h, said, unseen } from "./dom.js";
import { badge, empty, link, platformMark, time } from "./parts.js";
import { root } from "./router.js";
import { now } from "./store.js";
import { ago } from "./time.js";
import { count, destinationSign, plain, platformLabel, reference } from "./words.js";

/** @typedef {import("./types.js").Destination} Destination */

/** @param {import("./types.js").ServiceStatus} status */
export const destinations = status =>
    h(
        "section",
        { class: "panel", key: "destinations", "aria-labelledby": "destinations" },
        h("header", { class: "bar" }, h("h2", { id: "destinations" }, "Destinations"), h("span", { class: "soft" }, "the last hour")),
        status.destinations.length === 0
            ? empty("The settings have no destination.")
            : h("ul", { class: "places" }, status.destinations.map(row)),
    );

/** @param {Destination} one */
const row = one =>
    h(
        "li",
        { key: one.name, class: "place" },
        h(
            "div",
            { class: "who" },
            platformMark(one.platform),
            h(
                "div",
                null,
                h("h3", null, link(`${root}events${query({ destination: one.name })}`, null, said(one.name))),
                h("p", { class: "soft" }, unseen(platformLabel(one.platform) + " "), one.place && said(one.place)),
            ),
        ),
        h(
            "div",
            { class: "state" },
            badge(destinationSign(one)),
            one.node && h("p", { class: "soft" }, "on ", said(one.node)),
            one.reason && h("p", { class: "soft" }, one.meaning ?? plain(one.reason), one.until && [", until ", time(one.until)]),
        ),
        h("div", { class: "queue" }, queue(one)),
        hour(one),
        h(
            "div",
            { class: "last" },
            one.last
                ? [
                      h("p", { class: "cut" }, link(`${root}events/${one.last.eventId}`, null, said(reference(one.last)))),
                      h("p", { class: "soft" }, said(one.last.name), ", ", h("time", { datetime: one.last.at }, ago(one.last.at, now()))),
                  ]
                : h("p", { class: "soft" }, "no message yet"),
        ),
    );

/** @param {Destination} one */
function queue(one) {
    const { name, waiting, deferred, dead, held } = one;
    const parts = [
        waiting ? list(count(waiting, "waiting", "waiting"), { destination: name, state: "pending" }) : null,
        deferred
            ? [
                  list(count(deferred, "deferred", "deferred"), { destination: name, state: "deferred" }),
                  one.deferredUntil && h("span", { class: "soft" }, " until ", time(one.deferredUntil)),
              ]
            : null,
        dead ? attention(count(dead, "dead letter"), { destination: name, state: "dead" }) : null,
        held ? attention(`${held} held`, { destination: name, state: "held" }) : null,
    ].filter(Boolean);
    return parts.length > 0
        ? parts.map(part => h("p", null, part))
        : h("p", { class: "soft" }, waiting === undefined ? "not known" : "nothing waits");
}

/** @param {string} label @param {import("./api.js").Parameters} parameters */
const list = (label, parameters) => link(`${root}events${query(parameters)}`, null, label);

/** @param {string} label @param {import("./api.js").Parameters} parameters */
const attention = (label, parameters) => link(`${root}attention${query(parameters)}`, { class: "warn" }, label);

/** Bars for the last 60 minutes: sent above the line, failed below it. @param {Destination} one */
function hour({ sentLastHour: sent, failedLastHour: failed }) {
    if (!sent) return h("div", { class: "hour" });
    const top = Math.max(4, ...sent, ...(failed ?? []));
    const sum = (/** @type {number[]} */ values) => values.reduce((all, value) => all + value, 0);
    const failures = sum(failed ?? []);
    const label = `${count(sum(sent), "message")} sent${failures ? `, ${count(failures, "attempt")} failed` : ""}`;
    const bars = (/** @type {number[]} */ values, /** @type {(value: number) => string} */ bar) =>
        values.map((value, at) => (value > 0 ? `M${at * 2 + 0.2} 24h1.500v${bar(value)}h-1.500z` : "")).join("");
    return h(
        "div",
        { class: "hour" },
        h(
            "svg",
            { viewBox: "0 0 120 34", preserveAspectRatio: "none", role: "img", "aria-label": label },
            h("path", { class: "sent", d: bars(sent, value => (-Math.max(2, (23 * value) / top)).toFixed(1)) }),
            failed && h("path", { class: "failed", d: bars(failed, value => Math.max(2, (9 * value) / top).toFixed(1)) }),
            h("path", { class: "base", d: "M0 24h120" }),
        ),
    );
}
