// Retries or discards many deliveries: first a dry run that counts them, then the result of each.
import { ApiError, post } from "./api.js";
import { h, said } from "./dom.js";
import { actButton, button, icon } from "./parts.js";
import { redraw, store } from "./store.js";
import { count } from "./words.js";

/** @typedef {import("./types.js").BulkResult} BulkResult */
/** @typedef {import("./types.js").BulkRow} BulkRow */

/** The maximum number of rows of the result that are listed. */
const maxRows = 500;

/**
 * @param {"retry" | "discard"} action
 * @param {import("./needs.js").Filter} filter
 * @param {() => void} [done]
 */
export function bulk(action, filter, done) {
    const label = action === "retry" ? "Retry" : "Discard";
    /** @type {BulkResult | null} */
    let plan = null;
    /** @type {BulkRow[]} */
    let results = [];
    let changed = 0;
    let problem = "";
    let isStored = false;
    /** @type {"counting" | "asking" | "working" | "finished"} */
    let phase = "counting";

    const body = (/** @type {boolean} */ dryRun) => ({ ...filter, ...(action === "retry" && isStored && { rendered: true }), dryRun });

    async function prepare() {
        phase = "counting";
        problem = "";
        redraw();
        try {
            plan = await post(`/deliveries/${action}`, body(true));
            phase = "asking";
        } catch (error) {
            problem = error instanceof ApiError ? error.message : String(error);
        }
        redraw();
    }

    async function run() {
        phase = "working";
        redraw();
        try {
            // A call changes a limited number.
            for (let left = 1; left > 0;) {
                const result = /** @type {BulkResult} */ (await post(`/deliveries/${action}`, body(false)));
                changed += result.changed.length;
                results = [...results, ...(result.results ?? result.changed.map(id => ({ id })))];
                left = result.changed.length > 0 ? result.remaining : 0;
                redraw();
            }
        } catch (error) {
            problem = error instanceof ApiError ? error.message : String(error);
        }
        phase = "finished";
        redraw();
    }

    function close() {
        store.dialog = null;
        if (phase === "finished") done?.();
        redraw();
    }

    const what = action === "retry" ? "retried" : "discarded";

    function content() {
        if (phase === "counting") return h("p", { role: "status" }, problem || "Dry run: counting the deliveries…");
        const total = (plan?.changed.length ?? 0) + (plan?.remaining ?? 0);
        const refused = plan?.refused ?? 0;
        if (phase === "asking")
            return [
                h("p", { class: "number" }, h("b", null, count(total, "delivery", "deliveries")), ` will be ${what}.`),
                refused > 0 && h("p", null, `${count(refused, "delivery", "deliveries")} cannot be ${what}.`),
                h("p", { class: "soft" }, "This was a dry run: nothing has changed yet."),
                scope(filter),
                action === "retry" &&
                    h(
                        "label",
                        { class: "check" },
                        h("input", {
                            type: "checkbox",
                            checked: isStored,
                            onchange: (/** @type {Event} */ event) => {
                                isStored = /** @type {HTMLInputElement} */ (event.target).checked;
                                prepare();
                            },
                        }),
                        h("span", null, "Retry as stored: send the stored message instead of rendering it again"),
                    ),
            ];
        const failed = results.filter(one => one.problem).length;
        return [
            h(
                "p",
                { role: "status" },
                phase === "working"
                    ? `Working: ${changed} of ${total}…`
                    : `${count(changed, "delivery", "deliveries")} ${what}${failed ? `, ${failed} not` : ""}.`,
            ),
            problem && h("p", { class: "error", role: "alert" }, problem),
            results.length > 0 &&
                h(
                    "div",
                    { class: "scroll results", tabindex: 0, role: "group", "aria-label": "Result of each delivery" },
                    h(
                        "table",
                        null,
                        h(
                            "thead",
                            null,
                            h(
                                "tr",
                                null,
                                ["Delivery", "Before", "After"].map(name => h("th", { scope: "col", key: name }, name)),
                            ),
                        ),
                        h(
                            "tbody",
                            null,
                            results
                                .slice(0, maxRows)
                                .map(one =>
                                    h(
                                        "tr",
                                        { key: one.id },
                                        h("td", null, one.id),
                                        h("td", null, one.before ?? ""),
                                        h(
                                            "td",
                                            null,
                                            one.problem
                                                ? h("span", { class: "error" }, icon("alert"), said(one.problem))
                                                : (one.after ?? what),
                                        ),
                                    ),
                                ),
                        ),
                    ),
                ),
            results.length > maxRows && h("p", { class: "soft" }, `and ${results.length - maxRows} more`),
        ];
    }

    store.dialog = () =>
        h(
            "dialog",
            {
                key: "dialog",
                class: "dialog",
                "aria-labelledby": "bulk",
                made: (/** @type {HTMLDialogElement} */ dialog) => queueMicrotask(() => dialog.isConnected && dialog.showModal()),
                oncancel: (/** @type {Event} */ event) => {
                    event.preventDefault();
                    if (phase !== "working") close();
                },
            },
            h("h2", { id: "bulk" }, `${label} deliveries`),
            content(),
            h(
                "div",
                { class: "acts" },
                button(phase === "finished" ? "Close" : "Cancel", close, { disabled: phase === "working" }),
                phase === "asking" &&
                    actButton(`${label} ${(plan?.changed.length ?? 0) + (plan?.remaining ?? 0)}`, run, {
                        class: "main",
                        icon: action === "retry" ? "again" : "bin",
                        disabled: (plan?.changed.length ?? 0) === 0,
                    }),
            ),
        );
    prepare();
}

/** The conditions that select the deliveries. @param {import("./needs.js").Filter} filter */
function scope({ ids, ...conditions }) {
    if (ids) return null;
    const set = Object.entries(conditions).filter(([, value]) => value !== undefined && value.length > 0);
    return h(
        "dl",
        { class: "figures" },
        set.map(([name, value]) =>
            h("div", { key: name }, h("dt", null, name), h("dd", null, said(Array.isArray(value) ? value.join(", ") : String(value)))),
        ),
    );
}
