// The frame around every page: navigation, notices, dialogs, login, and which page is shown.
import { connectionWorks, get, remove } from "./api.js";
import { h, patch, unseen } from "./dom.js";
import { readStatus, resumeLive, startLive, stopLive } from "./live.js";
import { login } from "./login.js";
import { overview } from "./overview.js";
import { button, empty, failure, icon, link, logo } from "./parts.js";
import { applyTheme, isDark, prefs, switchTheme, switchZone } from "./prefs.js";
import { navigate, place, root, startRouter, startSearch } from "./router.js";
import { dismiss, drawWith, notify, now, redraw, store } from "./store.js";
import { clock, zoneName } from "./time.js";

/**
 * @typedef {import("./dom.js").Child} Child
 * @typedef {import("./live.js").EventsFrame} EventsFrame
 *
 * A page. Its state lives as long as it is shown; moved is called when only the query of its address has changed.
 * @typedef {{ title: () => string, view: () => Child, read: () => void, moved?: (query: URLSearchParams) => void,
 *   onEvents?: (frame: EventsFrame) => void, leave?: () => void }} Page
 */

/** @type {[string, string, string][]} */
const tabs = [
    ["", "home", "Overview"],
    ["events", "list", "Events"],
    ["attention", "alert", "Attention"],
    ["silences", "bell", "Silences"],
];

const shell = /** @type {Element} */ (document.getElementById("shell"));
const said = /** @type {Element} */ (document.getElementById("said"));

/** @type {Page | null} */
let page = null;
/** @type {string | null} */
let shownPath = null;
let isFocusAsked = false;
let headline = "";

/** @type {import("./live.js").Listener} */
const listener = {
    onEvents: frame => page?.onEvents?.(frame),
    onGap: () => page?.read(),
};

/** @param {string} path @param {URLSearchParams} query @returns {Promise<Page>} */
async function pageOf(path, query) {
    if (path === "" || path === "login") return overview();
    if (path === "events") return (await import("./events.js")).events(query);
    if (path.startsWith("events/")) return (await import("./event.js")).event(path.slice("events/".length), query);
    if (path === "attention") return (await import("./attention.js")).attention(query);
    if (path === "silences") return (await import("./silences.js")).silences();
    return {
        title: () => "No such page",
        read: () => {},
        view: () => h("div", { class: "page" }, h("h1", null, "There is no such page.")),
    };
}

/** @type {Page} */
const unloadable = {
    title: () => "Page not loaded",
    read: () => {},
    view: () =>
        h(
            "div",
            { class: "page" },
            h("h1", null, "The page cannot be loaded"),
            h("p", null, "Check the connection and try again."),
            h("p", null, button("Try again", show)),
        ),
};

async function show() {
    if (store.session?.isLoginNeeded) return redraw();
    const { path, query } = place();
    if (path === "login") return navigate(root, { replace: true });
    if (page && path === shownPath) {
        page.moved?.(query);
        return redraw();
    }
    const isFirst = shownPath === null;
    shownPath = path;
    page?.leave?.();
    const next = await pageOf(path, query).catch(() => unloadable);
    // Another page was asked for since.
    if (shownPath !== path) return;
    if (next === unloadable) shownPath = null;
    page = next;
    store.dialog = null;
    page.read();
    isFocusAsked = !isFirst;
    redraw();
}

function draw() {
    const isLogin = store.session?.isLoginNeeded ?? false;
    if (isLogin) stopLive();
    document.title = `${isLogin ? "Log in" : (page?.title() ?? "Console")} · DefectNotifier`;
    patch(shell, [
        isLogin ? null : navigation(),
        h(
            "main",
            { key: "main", id: "main", tabindex: -1 },
            !isLogin && banner(),
            isLogin ? h("div", { key: "login" }, login(afterLogin)) : h("div", { key: shownPath ?? "start" }, page?.view() ?? loading()),
        ),
        h("footer", { key: "foot", class: "settings", "aria-label": "This browser and session" }, isLogin ? null : session(), switches()),
        h(
            "aside",
            { key: "notices", class: "notices", "aria-label": "Notices", hidden: store.notices.length === 0 },
            store.notices.map(notice =>
                h(
                    "div",
                    { key: notice.id, class: `notice${notice.isError ? " error" : ""}` },
                    h("span", null, notice.text),
                    notice.action &&
                        button(
                            notice.action.label,
                            () => {
                                dismiss(notice.id);
                                notice.action?.run();
                            },
                            { class: "quiet" },
                        ),
                    button("", () => dismiss(notice.id), { class: "quiet", icon: "cross", "aria-label": "Close" }),
                ),
            ),
        ),
        store.dialog?.(),
    ]);
    speak();
    if (!isFocusAsked) return;
    isFocusAsked = false;
    scrollTo(0, 0);
    const heading = /** @type {HTMLElement | null} */ (shell.querySelector("h1"));
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
}

// One polite live region for what screen readers announce by themselves: notices, the connection, and a changed headline.
let spoken = 0;
let wasLost = false;
function speak() {
    const texts = store.notices.filter(notice => notice.id > spoken).map(notice => notice.text);
    spoken = Math.max(spoken, ...store.notices.map(notice => notice.id));
    const isLost = store.lostAt !== null;
    if (isLost !== wasLost) texts.push(isLost ? "Connection lost." : "Connected again.");
    wasLost = isLost;
    const verdict = store.status?.headline ?? "";
    if (headline && verdict && verdict !== headline) texts.push(verdict);
    headline = verdict || headline;
    if (texts.length > 0) patch(said, [texts.join(" ")]);
}

const loading = () =>
    h("div", { class: "page" }, h("h1", null, "DefectNotifier"), startError === null ? empty("Loading…") : failure(startError));

/** What is wrong with the connection. */
function banner() {
    if (store.lostAt === null && !store.isPolling) return null;
    const text =
        store.lostAt === null
            ? "Live updates are not available: too many consoles are open, or a proxy does not let them through. " +
              "The page reads what has changed at least every 40 seconds."
            : `Connection lost at ${clock(new Date(store.lostAt).toISOString(), now(), true)}. ` +
              "The page shows what was known then and connects again by itself.";
    return h("div", { key: "lost", class: "lost" }, icon("alert"), h("span", null, text));
}

function navigation() {
    const present = (shownPath ?? "").split("/")[0];
    const needs = store.status?.needs.length ?? 0;
    return h(
        "nav",
        { key: "nav", "aria-label": "Pages" },
        h("img", { class: "brand", src: logo, alt: "DefectNotifier", width: 36, height: 36 }),
        tabs.map(([path, name, label]) =>
            link(
                root + path,
                {
                    class: "tab",
                    "aria-current": present === path ? "page" : null,
                },
                icon(name),
                h("span", null, label),
                path === "attention" &&
                    needs > 0 &&
                    h("span", { class: "count" }, needs, unseen(needs === 1 ? " thing needs a person" : " things need a person")),
            ),
        ),
    );
}

function session() {
    const { name, may = [], expiresAt } = store.session ?? {};
    return [
        (name || !may.includes("act")) &&
            h(
                "span",
                { class: "who" },
                icon("person"),
                h("span", null, [name, may.includes("act") ? null : "may only read"].filter(Boolean).join(", ")),
            ),
        expiresAt && button("Log out", logout, { class: "quiet", icon: "out" }),
    ];
}

const switches = () => [
    button(
        isDark() ? "Light" : "Dark",
        () => {
            switchTheme();
            redraw();
        },
        { class: "quiet", icon: isDark() ? "sun" : "moon" },
    ),
    button(
        prefs.zone === "utc" ? "UTC" : `Local time, ${zoneName()}`,
        () => {
            switchZone();
            redraw();
        },
        {
            class: "quiet",
            icon: "globe",
            title: prefs.zone === "utc" ? "Show local times" : "Show times in UTC",
        },
    ),
];

async function logout() {
    try {
        await remove("/console/session");
    } catch (error) {
        return notify(`Not logged out. ${error instanceof Error ? error.message : error}`, { isError: true });
    }
    stopLive();
    store.session = { may: [], isLoginNeeded: true, warning: store.session?.warning };
    redraw();
}

/** @param {import("./store.js").Session} session */
async function afterLogin(session) {
    store.session = session;
    connectionWorks();
    page?.leave?.();
    page = null;
    shownPath = null;
    await begin();
    isFocusAsked = true;
    redraw();
}

async function begin() {
    readStatus().catch(() => null);
    resumeLive();
    await show();
}

/** @type {unknown} */
let startError = null;

// Without a response the page shows the error, and the request is repeated.
async function readSession() {
    try {
        store.session = await get("/console/session");
    } catch (error) {
        startError = error;
    }
    if (!store.session) setTimeout(readSession, 3_000);
    else if (!store.session.isLoginNeeded) await begin();
    redraw();
}

drawWith(draw);
applyTheme();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    applyTheme();
    redraw();
});
// Relative times grow.
setInterval(() => {
    if (!document.hidden) redraw();
}, 15_000);
startRouter(show);
startSearch();
startLive(listener);
await readSession();
