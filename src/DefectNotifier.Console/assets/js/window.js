// A long list of rows of equal height: only those near the visible part of the page are elements.
import { h } from "./dom.js";
import { redraw } from "./store.js";

/** Rows beyond each edge of the window. */
const margin = 8;

/**
 * @template Row
 * @param {{ rows: () => Row[], key: (row: Row) => string | number, view: (row: Row) => import("./dom.js").Child, label: string,
 *   nearEnd: () => void }} options
 */
export function windowed({ rows, key, view, label, nearEnd }) {
    /** @type {HTMLElement | null} */
    let list = null;
    let first = 0;
    let last = 30;
    let height = 0;
    /** The row with the focus stays, although it may be out of sight. @type {string | number | null} */
    let focused = null;

    function measure() {
        if (!list?.isConnected || rows().length === 0) return;
        const size = list.offsetHeight / rows().length;
        const top = -list.getBoundingClientRect().top;
        const from = Math.max(0, Math.floor(top / size) - margin);
        const to = Math.max(from, Math.ceil((top + innerHeight) / size) + margin);
        if (to >= rows().length) nearEnd();
        if (from === first && to === last && size === height) return;
        [first, last, height] = [from, to, size];
        redraw();
    }

    let isAsked = false;
    const later = () => {
        if (isAsked) return;
        isAsked = true;
        requestAnimationFrame(() => {
            isAsked = false;
            measure();
        });
    };
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);

    /** @param {KeyboardEvent} event */
    function move(event) {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const item = event.target instanceof Element ? event.target.closest("li") : null;
        if (!step || !item || (event.target instanceof HTMLInputElement && event.target.type !== "checkbox")) return;
        const next = document.getElementById(`row-${Number(item.id.slice("row-".length)) + step}`);
        const link = /** @type {HTMLElement | null} */ (next?.querySelector("a") ?? null);
        if (!link) return;
        event.preventDefault();
        link.focus();
        next?.scrollIntoView({ block: "nearest" });
    }

    return {
        measure: later,
        leave() {
            removeEventListener("scroll", later);
            removeEventListener("resize", later);
        },
        view() {
            const all = rows();
            const pinned = focused === null ? -1 : all.findIndex(row => key(row) === focused);
            const shown = [];
            for (let at = Math.min(first, all.length); at < Math.min(last, all.length); at++) shown.push(at);
            if (pinned >= 0 && pinned < first) shown.unshift(pinned);
            if (pinned >= Math.min(last, all.length)) shown.push(pinned);
            queueMicrotask(later);
            return h(
                "ol",
                {
                    class: "rows",
                    "aria-label": label,
                    css: { height: `calc(var(--row) * ${all.length})` },
                    onkeydown: move,
                    made: (/** @type {HTMLElement} */ element) => {
                        list = element;
                    },
                    onfocusin: (/** @type {FocusEvent} */ event) => {
                        const item = event.target instanceof Element ? event.target.closest("li") : null;
                        const row = item ? all[Number(item.id.slice("row-".length))] : undefined;
                        focused = row === undefined ? null : key(row);
                    },
                    onfocusout: () => {
                        focused = null;
                    },
                },
                shown.map(at =>
                    h(
                        "li",
                        {
                            key: key(all[at]),
                            id: `row-${at}`,
                            class: "row",
                            "aria-posinset": at + 1,
                            "aria-setsize": all.length,
                            css: { transform: `translateY(calc(var(--row) * ${at}))` },
                        },
                        view(all[at]),
                    ),
                ),
            );
        },
    };
}
