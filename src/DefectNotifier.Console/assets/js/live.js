// The stream of changes: one connection per tab, closed while the tab is hidden.
import { ApiError, connectionLost, connectionWorks, get, parse } from "./api.js";
import { inOrder, store, takeStatus } from "./store.js";

/**
 * @typedef {import("./types.js").EventsFrame} EventsFrame
 * @typedef {{ onEvents: (frame: EventsFrame) => void, onGap: () => void }} Listener onGap: changes may have been missed, read again.
 */

const firstPause = 1_000;
const longestPause = 30_000;

/** @type {EventSource | null} */
let source = null;
/** @type {Listener | null} */
let listener = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let pause = firstPause;
let wasOpen = false;
const statusOrder = inOrder();

/** @param {Listener} changes */
export function startLive(changes) {
    listener = changes;
    document.addEventListener("visibilitychange", resumeLive);
    addEventListener("online", resumeLive);
    // A page that is kept for the back button must not hold a connection.
    addEventListener("pagehide", stopLive);
    addEventListener("pageshow", resumeLive);
    resumeLive();
}

/** Connects, unless the tab is hidden or a login is needed. */
export function resumeLive() {
    clearTimeout(timer);
    if (document.hidden || !store.session || store.session.isLoginNeeded) stopLive();
    else if (!source) open();
}

/** Reads the status now, for a page that does not wait for the stream. */
export async function readStatus() {
    const isNew = statusOrder();
    const status = await get("/status");
    if (isNew()) takeStatus(status);
}

export function stopLive() {
    clearTimeout(timer);
    source?.close();
    source = null;
}

function open() {
    const opened = (source = new EventSource("/live"));
    opened.addEventListener("open", () => {
        pause = firstPause;
        store.isPolling = false;
        connectionWorks();
        // The stream repeats events that were missed, but not changes of older ones.
        if (wasOpen) listener?.onGap();
        wasOpen = true;
    });
    opened.addEventListener("status", event => {
        statusOrder()();
        takeStatus(parse(event.data));
    });
    opened.addEventListener("events", event => listener?.onEvents(parse(event.data)));
    opened.addEventListener("reset", () => listener?.onGap());
    opened.addEventListener("error", () => {
        if (source !== opened) return;
        // The browser connects again by itself, unless the service has refused the stream.
        if (opened.readyState !== EventSource.CLOSED) return connectionLost();
        stopLive();
        poll();
    });
}

/** While the stream is refused: an ordinary request shows whether only the stream is, or everything, or whether the session has ended. */
async function poll() {
    try {
        await readStatus();
        store.isPolling = true;
        listener?.onGap();
    } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) connectionLost();
    }
    clearTimeout(timer);
    timer = setTimeout(resumeLive, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, longestPause);
}
