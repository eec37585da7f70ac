// The nodes that share the outbox, when there are several.
import { h, said } from "./dom.js";
import { badge, time } from "./parts.js";
import { count } from "./words.js";

/** @typedef {import("./types.js").NodeStatus} NodeStatus */

/** The first character of the name of a background duty. */
const duty = "@";

/** A clock that differs by less is normal. */
const exact = 1000;

/** @param {import("./types.js").ServiceStatus} status */
export const nodes = status =>
    status.nodes.length > 0 &&
    h(
        "section",
        { class: "panel", key: "nodes", "aria-labelledby": "nodes" },
        h("header", { class: "bar" }, h("h2", { id: "nodes" }, "Nodes"), h("span", { class: "soft" }, "share the outbox")),
        h(
            "ul",
            { class: "places" },
            status.nodes.map(node => row(node, status.nodes)),
        ),
    );

/** @param {NodeStatus} node @param {NodeStatus[]} all */
const row = (node, all) =>
    h(
        "li",
        { key: `${node.name} ${node.startedAt}`, class: "place" },
        h(
            "div",
            { class: "who" },
            h(
                "div",
                null,
                h("h3", null, said(node.name)),
                h("p", { class: "soft" }, said(node.version), node.isThis && ", shows this page"),
            ),
        ),
        h("div", { class: "state" }, badge(sign(node, all)), h("p", { class: "soft" }, "since ", time(node.startedAt))),
        h("div", { class: "works" }, works(node.holds.filter(name => !name.startsWith(duty)))),
    );

/** @param {NodeStatus} node @param {NodeStatus[]} all @returns {import("./words.js").Sign} */
function sign(node, all) {
    // The database has not responded for longer than a lease lasts.
    if (node.leaseLeftMilliseconds === 0) return { tone: "wait", icon: "clock", label: "Not known" };
    const ahead = node.clockAheadMilliseconds;
    if (Math.abs(ahead) >= exact) {
        const seconds = Math.round(Math.abs(ahead) / 1000);
        return { tone: "wait", icon: "clock", label: `Clock ${seconds} s ${ahead > 0 ? "fast" : "slow"}` };
    }

    return all.every(one => one.configuration === node.configuration)
        ? { tone: "good", icon: "tick", label: "Running" }
        : { tone: "wait", icon: "split", label: `Configuration ${node.configuration}` };
}

/** @param {string[]} names */
const works = names =>
    names.length > 0
        ? [h("p", null, count(names.length, "destination")), h("p", { class: "soft" }, said(names.join(", ")))]
        : h("p", { class: "soft" }, "no destination");
