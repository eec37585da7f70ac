// Paths of the console: every state of a page has an address.

export const root = "/console/";

/** @typedef {{ path: string, query: URLSearchParams }} Place */

let follow = () => {};

/** @returns {Place} */
export const place = () => ({
    path: location.pathname.slice(root.length).replace(/\/$/, ""),
    query: new URLSearchParams(location.search),
});

/**
 * Goes to another address of the console. Replaces the present one in the history when it is only refined, as by typing in a filter.
 * @param {string} address
 * @param {{ replace?: boolean }} [options]
 */
export function navigate(address, { replace = false } = {}) {
    if (replace) history.replaceState(history.state, "", address);
    else history.pushState(null, "", address);
    follow();
}

/** @param {() => void} listener */
export function startRouter(listener) {
    follow = listener;
    addEventListener("popstate", listener);
    document.addEventListener("click", event => {
        const link = event.target instanceof Element ? event.target.closest("a") : null;
        const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
        if (!isPlain || event.defaultPrevented || !link || link.target || link.origin !== location.origin) return;
        if (!link.pathname.startsWith(root) || link.hasAttribute("download") || link.hash) return;
        event.preventDefault();
        navigate(link.href);
    });
}

/**
 * The address of the list of events that a search means: an event's id, a defect (WEB-97, D-97), a project in capitals, or words.
 * @param {string} text
 */
export function searchAddress(text) {
    const words = text.trim();
    if (/^[0-9a-f]{32}$/i.test(words)) return `${root}events/${words.toLowerCase()}`;
    const search = new URLSearchParams();
    const defect = /^(?:([\p{L}][\p{L}\p{N}_]*)[\s-]+)?(?:D-?)?(\d+)$/iu.exec(words);
    if (defect && (defect[1] || /^(D-?)?\d+$/i.test(words))) {
        if (defect[1] && defect[1].toUpperCase() !== "D") search.set("project", defect[1].toUpperCase());
        search.set("defect", defect[2]);
    } else if (/^[A-Z][A-Z0-9_]+$/.test(words)) {
        search.set("project", words);
    } else if (words) {
        search.set("text", words);
    }
    return `${root}events${search.size ? "?" + search : ""}`;
}

/** The key / goes to the search field, which leads to the list of events. */
export function startSearch() {
    addEventListener("keydown", event => {
        const isTyping = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
        if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
        const field = /** @type {HTMLElement | null} */ (document.querySelector("[type=search]"));
        if (!field) return;
        event.preventDefault();
        field.focus();
    });
    document.addEventListener("submit", event => {
        const form = event.target;
        if (!(form instanceof HTMLFormElement) || form.role !== "search") return;
        event.preventDefault();
        navigate(searchAddress(String(new FormData(form).get("words") ?? "")));
    });
}
