// Everything that waits for a person, and the dead and held deliveries to choose from.
import { h, said } from "./dom.js";
import { faults } from "./faults.js";
import { filters } from "./filters.js";
import { readStatus } from "./live.js";
import { askBulk } from "./needs.js";
import { paged } from "./pages.js";
import { actButton, badge, button, empty, failure, link, time, titleText } from "./parts.js";
import { root } from "./router.js";
import { redraw, store } from "./store.js";
import { deliverySign, plain, reference } from "./words.js";
import { windowed } from "./window.js";

/** @typedef {import("./types.js").ListedDelivery} ListedDelivery */
/** @typedef {import("./needs.js").Filter} Filter */

const pageSize = 100;

/** @param {URLSearchParams} query @returns {import("./app.js").Page} */
export function attention(query) {
    let values = query;
    /** @type {Set<number>} */
    let chosen = new Set();
    /** True: all that the filter finds, also those that are not loaded. */
    let isAll = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let looking;

    const stateOf = () => values.get("state") || "dead,held";

    const conditions = () => ({
        destination: values.get("destination") || undefined,
        reason: values.get("reason") || undefined,
        project: values.get("project") || undefined,
    });

    /** @type {ReturnType<typeof paged<ListedDelivery>>} */
    const pages = paged({
        path: "/deliveries",
        list: "deliveries",
        parameters: () => ({ state: stateOf(), ...conditions() }),
        first: pageSize,
        size: pageSize,
        onRead: () => {
            const known = new Set(pages.rows.map(one => one.id));
            chosen = new Set([...chosen].filter(id => known.has(id)));
        },
    });

    const list = windowed({
        rows: () => pages.rows,
        key: one => one.id,
        view: row,
        label: "Dead letters and held deliveries",
        nearEnd: pages.nearEnd,
    });

    function read() {
        readStatus().catch(() => null);
        pages.read();
    }

    /** What the buttons act on. @returns {Filter} */
    const filter = () => ({ state: stateOf().split(","), ...(isAll ? conditions() : { ids: [...chosen] }) });

    /** @param {"retry" | "discard"} action */
    const ask = action =>
        askBulk(action, filter(), () => {
            [chosen, isAll] = [new Set(), false];
            read();
        });

    /** @param {ListedDelivery} one */
    function row(one) {
        const sign = deliverySign(one.state);
        return [
            h(
                "label",
                { class: "row-pick" },
                h("input", {
                    type: "checkbox",
                    checked: isAll || chosen.has(one.id),
                    disabled: isAll,
                    "aria-label": `Select delivery ${one.id} to ${one.destination}`,
                    onchange: (/** @type {Event} */ event) => {
                        const box = /** @type {HTMLInputElement} */ (event.target);
                        if (box.checked) chosen.add(one.id);
                        else chosen.delete(one.id);
                        redraw();
                    },
                }),
            ),
            h(
                "div",
                { class: "row-what" },
                h(
                    "p",
                    { class: "cut" },
                    link(
                        `${root}events/${one.eventId}?destination=${encodeURIComponent(one.destination)}`,
                        null,
                        titleText(one.title, `${reference({ ...one, name: one.eventName })} · ${one.eventName}`),
                    ),
                ),
                h(
                    "p",
                    { class: "soft cut" },
                    one.title && [said(reference({ ...one, name: one.eventName })), " · "],
                    plain(one.reason),
                    one.detail && [" · ", said(one.detail)],
                ),
            ),
            h("div", { class: "row-fates" }, badge(sign, [said(one.destination), `: ${sign.label.toLowerCase()}`])),
            h("div", { class: "row-time" }, time(one.endedAt ?? one.receivedAt)),
        ];
    }

    return {
        title: () => "Attention",
        read,
        moved: to => {
            if (String(to) === String(values)) return;
            [values, chosen, isAll, pages.rows, pages.isLoaded] = [to, new Set(), false, [], false];
            pages.read();
        },
        // Not while rows are selected or a dialog is open: the rows that the operator works on must stay.
        onEvents: () => {
            if (chosen.size > 0 || isAll || store.dialog) return;
            looking ??= setTimeout(() => {
                looking = undefined;
                pages.read();
            }, 2_000);
        },
        leave: () => {
            pages.stop();
            clearTimeout(looking);
            list.leave();
        },
        view: () =>
            h(
                "div",
                { class: "page attention" },
                h(
                    "header",
                    { class: "head" },
                    h("div", null, h("h1", null, "Attention"), h("p", { class: "soft" }, store.status?.headline ?? "")),
                ),
                faults(),
                h("h2", null, "Dead letters and held deliveries"),
                filters({ address: `${root}attention`, fields: fields(), values }),
                h(
                    "section",
                    { class: "panel", "aria-label": "Deliveries" },
                    pages.rows.length > 0 && bar(),
                    pages.error !== null && failure(pages.error),
                    pages.rows.length > 0
                        ? list.view()
                        : pages.error === null && empty(pages.isReading ? "Loading…" : "No delivery matches these filters."),
                    pages.next !== undefined && !pages.isReading && button("Load more", pages.more, { class: "more" }),
                ),
            ),
    };

    function bar() {
        const total = pages.next === undefined ? pages.rows.length : null;
        const picked = isAll ? (total === null ? "All selected" : `All ${total} selected`) : `${chosen.size} selected`;
        const isNone = !isAll && chosen.size === 0;
        return h(
            "div",
            { class: "bar pick" },
            h(
                "label",
                null,
                h("input", {
                    type: "checkbox",
                    "aria-label": "Select all loaded",
                    checked: isAll || (chosen.size > 0 && chosen.size === pages.rows.length),
                    indeterminate: !isAll && chosen.size > 0 && chosen.size < pages.rows.length,
                    onchange: (/** @type {Event} */ event) => {
                        isAll = false;
                        const { checked } = /** @type {HTMLInputElement} */ (event.target);
                        chosen = new Set(checked ? pages.rows.map(one => one.id) : []);
                        redraw();
                    },
                }),
                h("span", { class: "soft", role: "status" }, picked),
            ),
            !isAll &&
                button(
                    total === null ? "Select all that this filter finds" : `Select all ${total} that this filter finds`,
                    () => {
                        isAll = true;
                        redraw();
                    },
                    { class: "quiet" },
                ),
            isAll &&
                button(
                    "Select none",
                    () => {
                        [isAll, chosen] = [false, new Set()];
                        redraw();
                    },
                    { class: "quiet" },
                ),
            h(
                "span",
                { class: "acts" },
                actButton("Discard…", () => ask("discard"), { icon: "bin", disabled: isNone }),
                actButton("Retry…", () => ask("retry"), { class: "main", icon: "again", disabled: isNone }),
            ),
        );
    }
}

/** @returns {import("./filters.js").Field[]} */
const fields = () => [
    {
        name: "state",
        label: "State",
        options: [
            ["", "dead or held"],
            ["dead", "Dead letter"],
            ["held", "Held for manual review"],
        ],
    },
    {
        name: "destination",
        label: "Destination",
        options: [["", "any"], ...(store.status?.destinations ?? []).map(one => /** @type {[string, string]} */ ([one.name, one.name]))],
    },
    { name: "reason", label: "Reason", hint: "invalid-message" },
    { name: "project", label: "Project", hint: "WEB" },
];
