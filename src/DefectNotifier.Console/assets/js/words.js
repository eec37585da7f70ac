// Labels and signs for the words of the API. Sentences come from the service.

/**
 * @typedef {"good" | "wait" | "bad" | "none"} Tone
 * @typedef {{ tone: Tone, icon: string, label: string }} Sign
 */

/** A word of a closed list as text: rate-limited becomes "rate limited". @param {string | undefined} word */
export const plain = word => (word ?? "").replaceAll("-", " ");

/** @param {string} word */
export const capital = word => plain(word).replace(/^./u, first => first.toUpperCase());

/** @type {Record<string, Sign>} */
const deliveries = {
    delivered: { tone: "good", icon: "tick", label: "Delivered" },
    digested: { tone: "good", icon: "stack", label: "In a digest" },
    pending: { tone: "wait", icon: "clock", label: "Pending" },
    deferred: { tone: "wait", icon: "moon", label: "Deferred" },
    dead: { tone: "bad", icon: "cross", label: "Dead letter" },
    held: { tone: "bad", icon: "hand", label: "Held for manual review" },
    discarded: { tone: "none", icon: "bin", label: "Discarded" },
};

/** The states of deliveries, and unrouted for events. */
export const deliveryStates = [...Object.keys(deliveries), "unrouted"];

/** @param {string} state @param {boolean} [isParked] @returns {Sign} */
export const deliverySign = (state, isParked) =>
    state === "pending" && isParked
        ? { tone: "bad", icon: "pause", label: "Pending, destination parked" }
        : (deliveries[state] ?? { tone: "none", icon: "dot", label: capital(state) });

/** @param {{ state: string, dead?: number, held?: number }} destination @returns {Sign} */
export function destinationSign({ state, dead, held }) {
    if (state === "parked") return { tone: "bad", icon: "pause", label: "Parked" };
    if (state === "stopped") return { tone: "bad", icon: "cross", label: "Stopped" };
    if (state === "waiting") return { tone: "wait", icon: "clock", label: "Waiting" };
    return { tone: dead || held ? "none" : "good", icon: "tick", label: "Running" };
}

/** @type {Record<string, Omit<Sign, "label">>} */
const needs = {
    parked: { tone: "bad", icon: "pause" },
    dead: { tone: "bad", icon: "cross" },
    held: { tone: "bad", icon: "hand" },
    storm: { tone: "wait", icon: "trend" },
    failing: { tone: "bad", icon: "clock" },
    deferred: { tone: "none", icon: "moon" },
    unrouted: { tone: "wait", icon: "split" },
    restart: { tone: "none", icon: "again" },
};

/** @param {string} kind */
export const needSign = kind => needs[kind] ?? { tone: "bad", icon: "alert" };

/** @type {Record<string, Sign>} */
const outcomes = {
    delivered: { tone: "good", icon: "tick", label: "Delivered" },
    wait: { tone: "wait", icon: "clock", label: "The chat asked to wait" },
    retry: { tone: "wait", icon: "again", label: "Failed, retried later" },
    "not-supported": { tone: "wait", icon: "split", label: "Step not supported by the chat" },
    ambiguous: { tone: "wait", icon: "alert", label: "No confirmation: may have been posted" },
    held: { tone: "bad", icon: "hand", label: "Held for manual review" },
    rejected: { tone: "bad", icon: "cross", label: "Rejected" },
    parked: { tone: "bad", icon: "pause", label: "Destination parked" },
};

/** @param {string | undefined} outcome @param {boolean} isOpen @returns {Sign} */
export const outcomeSign = (outcome, isOpen) =>
    outcomes[outcome ?? ""] ??
    (isOpen ? { tone: "wait", icon: "clock", label: "In progress" } : { tone: "none", icon: "dot", label: capital(outcome ?? "unknown") });

/** @type {Record<string, string>} */
const steps = { root: "new message of the defect", update: "update of the defect's message", reply: "reply in the defect's thread" };

/** @param {string | undefined} step */
export const stepLabel = step => steps[step ?? ""] ?? "message of the event";

/** @type {Record<string, string>} */
const actions = { retry: "Retry", "retry-as-rendered": "Retry as stored", discard: "Discard" };

/** @param {string} what */
export const actionLabel = what => actions[what] ?? capital(what);

export const severities = ["blocker", "critical", "major", "normal", "minor", "trivial"];

/** @type {Record<string, string>} */
const platforms = { slack: "Slack", teams: "Teams", sandbox: "Sandbox" };

/** @param {string | undefined} platform */
export const platformLabel = platform => platforms[platform ?? ""] ?? capital(platform ?? "chat");

/**
 * How operators name an event: project and number of its defect.
 * @param {{ projectCode?: string, subjectId?: number, name: string }} event
 */
export const reference = event =>
    [event.projectCode, event.subjectId === undefined ? null : `D-${event.subjectId}`].filter(Boolean).join(" ") || event.name;

/** "1 event", "7 events". @param {number} count @param {string} one @param {string} [many] */
export const count = (count, one, many = one + "s") => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
