// What all parts of the page share. After a change of it, redraw() shows it.

/**
 * @typedef {import("./types.js").Session} Session
 * @typedef {import("./types.js").ServiceStatus} ServiceStatus
 * @typedef {{ id: number, text: string, isError: boolean, action?: { label: string, run: () => void } }} Notice
 */

export const store = {
    session: /** @type {Session | null} */ (null),
    status: /** @type {ServiceStatus | null} */ (null),
    /** When the connection was lost; null: it works. */
    lostAt: /** @type {number | null} */ (null),
    /** True while the stream of changes is refused and the page reads them from time to time. */
    isPolling: false,
    notices: /** @type {Notice[]} */ ([]),
    /** The open dialog. */
    dialog: /** @type {null | (() => import("./dom.js").Child)} */ (null),
    /** The server's time minus that of this device, in milliseconds. */
    clockOffset: 0,
};

let draw = () => {};
let isAsked = false;
let lastNotice = 0;

/** @param {() => void} all */
export function drawWith(all) {
    draw = all;
}

/** Draws soon, once for all changes until then. */
export function redraw() {
    if (isAsked) return;
    isAsked = true;
    queueMicrotask(() => {
        isAsked = false;
        draw();
    });
}

/** The server's time in milliseconds. */
export const now = () => Date.now() + store.clockOffset;

/** @param {ServiceStatus} status */
export function takeStatus(status) {
    store.status = status;
    store.clockOffset = Date.parse(status.at) - Date.now();
    redraw();
}

/**
 * For what is read again and again: the responses may arrive in another order than they were asked for. Call the result before a request,
 * and what that returns when the response is here: false means that a later one is shown already.
 * @returns {() => () => boolean}
 */
export function inOrder() {
    let asked = 0;
    let shown = 0;
    return () => {
        const mine = ++asked;
        return () => {
            if (mine < shown) return false;
            shown = mine;
            return true;
        };
    };
}

/** @param {string} right */
export const may = right => store.session?.may.includes(right) ?? false;

/** Why the operator who is logged in cannot change anything; null: the operator can. */
export const whyNot = () =>
    may("act") ? null : `${store.session?.name ?? "This session"} may only read. Log in with a secret that has the permission act.`;

/**
 * Shows a message for a while; screen readers read it.
 * @param {string} text
 * @param {{ isError?: boolean, action?: { label: string, run: () => void } }} [options]
 */
export function notify(text, { isError = false, action } = {}) {
    const notice = { id: ++lastNotice, text, isError, action };
    store.notices = [...store.notices.slice(-2), notice];
    redraw();
    setTimeout(() => dismiss(notice.id), isError || action ? 20_000 : 6_000);
}

/** @param {number} id */
export function dismiss(id) {
    store.notices = store.notices.filter(notice => notice.id !== id);
    redraw();
}
