// The small pieces that every page is made of.
import { h, safeAddress, said, unseen } from "./dom.js";
import { now, notify, whyNot } from "./store.js";
import { clock, full, precise } from "./time.js";

/** @typedef {import("./dom.js").Child} Child */
/** @typedef {import("./words.js").Sign} Sign */

/** Outlines on a grid of 20 by 20. @type {Record<string, string>} */
const outlines = {
    home: "M3.5 9.5 10 4l6.5 5.5V16.5H12V12H8v4.5H3.5z",
    list: "M3.5 5.5h.5M7 5.5h9.5M3.5 10h.5M7 10h9.5M3.5 14.5h.5M7 14.5h9.5",
    alert: "M10 3 18 16.5H2zM10 8v4M10 14.2v.3",
    bell: "M5 14V9a5 5 0 0 1 10 0v5l1.5 1h-13zM8.5 17.5h3M3.5 3.5l13 13",
    search: "M13.2 13.2 17 17M8.5 3.5a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
    tick: "m4.5 10.8 3.7 3.7 7.3-8.5",
    cross: "m5.5 5.5 9 9m0-9-9 9",
    clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4.3l3 1.7",
    pause: "M7.2 5.2v9.6M12.8 5.2v9.6",
    play: "M7 4.8 15 10l-8 5.2z",
    hand: "M6 10.5V6a1.2 1.2 0 0 1 2.4 0V4.5a1.2 1.2 0 0 1 2.4 0V6a1.2 1.2 0 0 1 2.4 0v6.5a4.5 4.5 0 0 1-8.4 2.2L3.5 11.5l2.5-1z",
    bin: "M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6M8.5 9v5M11.5 9v5",
    moon: "M15.8 12.3A6.5 6.5 0 1 1 8.3 3.7a5.2 5.2 0 0 0 7.5 8.6z",
    sun:
        "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 2v1.5M10 16.5V18" +
        "M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
    stack: "m10 3.5 7 3.5-7 3.5L3 7zM3.5 10.5 10 13.8l6.5-3.3M3.5 13.7 10 17l6.5-3.3",
    trend: "M2.5 15.5 7.5 9l3.5 3 6-7.5M13 4.5h4v4",
    split: "M3 10h5l4-5h5M8 10l4 5h5",
    again: "M15.5 8A6 6 0 0 0 5 6.5L3.5 8M3.5 4.5V8H7M4.5 12A6 6 0 0 0 15 13.5l1.5-1.5M16.5 15.5V12H13",
    inbox: "M3.5 11.5 5.5 4h9l2 7.5V16h-13zM3.5 11.5H7.5a2.5 2.5 0 0 0 5 0h4",
    link: "M8.5 6.5 11 4a3.5 3.5 0 0 1 5 5l-2.5 2.5M11.5 13.5 9 16a3.5 3.5 0 0 1-5-5l2.5-2.5M8 12l4-4",
    arrow: "M3.5 10h12.5M11.5 5.5 16 10l-4.5 4.5",
    dot: "M10 9a1 1 0 1 1 0 2 1 1 0 0 1 0-2z",
    dots: "M5 10h.1M10 10h.1M15 10h.1",
    person: "M10 3.5a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4zM3.8 16.5a6.3 6.3 0 0 1 12.4 0",
    out: "M12 4H4.5v12H12M9 10h8M14 7l3 3-3 3",
    globe: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM3 10h14M10 3c-5 4.5-5 9.5 0 14M10 3c5 4.5 5 9.5 0 14",
    picture: "M3 4h14v12H3zM3 13.5l4-4 3.5 3.5 2-2 4.5 4M12.5 7.5h.1",
};

/** Addressed from this module, because the address of all files changes with their content. */
export const logo = new URL("../icon.svg", import.meta.url).pathname;

/** @param {string} name */
export const icon = name => h("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, h("path", { d: outlines[name] }));

/** A state: a sign and a word, never a colour alone. @param {Sign} sign @param {Child} [label] */
export const badge = (sign, label) => h("span", { class: `badge ${sign.tone}` }, icon(sign.icon), h("span", null, label ?? sign.label));

/** @param {string} at @param {boolean} [withSeconds] */
export const time = (at, withSeconds) => h("time", { datetime: at, title: full(at) }, clock(at, now(), withSeconds));

/** @param {string} at */
export const preciseTime = at => h("time", { datetime: at, title: full(at) }, precise(at, now()));

/** @param {string} href @param {Record<string, any> | null} props @param {...Child} children */
export const link = (href, props, ...children) => h("a", { href, ...props }, ...children);

/**
 * A link to another site, which gets neither the address of this page nor access to its window. An address that is not safe is shown as
 * text.
 * @param {unknown} address
 * @param {...Child} children
 */
export function outLink(address, ...children) {
    const url = safeAddress(address);
    if (!url) return h("span", { class: "unsafe", title: "The address of this link is not safe." }, ...children);
    return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...children, unseen(" (opens in a new tab)"));
}

/** @param {string} label @param {(event: Event) => void} run @param {{ icon?: string, class?: string } & Record<string, any>} [props] */
export const button = (label, run, { icon: name, class: kind = "", ...props } = {}) =>
    h("button", { type: "button", class: `button ${kind}`, onclick: run, ...props }, name && icon(name), h("span", null, label));

/**
 * A button that changes something. Without the right it stays in the tab order and says why it does nothing.
 * @param {string} label @param {() => void} run @param {{ icon?: string, class?: string } & Record<string, any>} [props]
 */
export function actButton(label, run, props = {}) {
    const why = whyNot();
    return button(label, why ? () => notify(why) : run, {
        ...props,
        class: `${props.class ?? ""}${why ? " off" : ""}`,
        "aria-disabled": why ? "true" : null,
        title: why,
    });
}

/** @param {string | undefined} severity */
export const severityTag = severity =>
    severity && h("span", { class: "tag severity", "data-severity": severity }, severity.charAt(0).toUpperCase() + severity.slice(1));

/** @param {string} platform */
export const platformMark = platform =>
    h("span", { class: "mark", "data-platform": platform, "aria-hidden": "true" }, platform.charAt(0).toUpperCase());

/** @param {string | undefined} title @param {string} instead */
export const titleText = (title, instead) => (title ? said(title) : h("span", null, instead));

/** @param {string} text */
export const empty = text => h("p", { class: "empty" }, text);

/** @param {unknown} error */
export const failure = error =>
    h(
        "p",
        { class: "empty failure", role: "alert" },
        icon("alert"),
        h("span", null, error instanceof Error ? error.message : String(error)),
    );

/** @param {string} text */
export async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
        notify("Link copied.");
    } catch {
        notify(`The browser does not allow copying. The link is ${text}`, { isError: true });
    }
}
