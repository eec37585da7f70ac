// The small pieces that every page is made of.
import { h, safeAddress, said, unseen } from "./dom.js";
import { now, notify, whyNot } from "./store.js";
import { clock, full, precise } from "./time.js";

/** @typedef {import("./dom.js").Child} Child */
/** @typedef {import("./words.js").Sign} Sign */

/** Outlines on a grid of 20 by 20. @type {Record<string, string>} */
const outlines = {
  home: "M3.5 9.5 10 4l6.500 5.500V16.500H12V12H8v4.500H3.500z",
  list: "M3.500 5.500h.5M7 5.500h9.500M3.500 10h.5M7 10h9.500M3.500 14.500h.5M7 14.500h9.500",
  alert: "M10 3 18 16.500H2zM10 8v4M10 14.200v.3",
  bell: "M5 14V9a5 5 0 0 1 10 0v5l1.500 1h-13zM8.500 17.500h3M3.500 3.500l13 13",
  search: "M13.200 13.200 17 17M8.500 3.500a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  tick: "m4.500 10.800 3.700 3.700 7.300-8.500",
  cross: "m5.500 5.500 9 9m0-9-9 9",
  clock: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4.300l3 1.700",
  pause: "M7.200 5.200v9.600M12.800 5.200v9.600",
  play: "M7 4.800 15 10l-8 5.200z",
  hand: "M6 10.500V6a1.200 1.200 0 0 1 2.400 0V4.500a1.200 1.200 0 0 1 2.400 0V6a1.200 1.200 0 0 1 2.400 0v6.500a4.500 4.500 0 0 1-8.400 2.200L3.500 11.500l2.500-1z",
  bin: "M4 6h12M8 6V4h4v2M5.500 6l.8 10.500h7.400L14.500 6M8.500 9v5M11.500 9v5",
  moon: "M15.800 12.300A6.500 6.500 0 1 1 8.300 3.700a5.200 5.200 0 0 0 7.500 8.600z",
  sun: "M10 6.500a3.500 3.500 0 1 1 0 7 3.500 3.500 0 0 1 0-7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
  stack: "m10 3.500 7 3.500-7 3.500L3 7zM3.500 10.500 10 13.800l6.500-3.300M3.500 13.700 10 17l6.500-3.300",
  trend: "M2.500 15.500 7.500 9l3.500 3 6-7.500M13 4.500h4v4",
  split: "M3 10h5l4-5h5M8 10l4 5h5",
  again: "M15.500 8A6 6 0 0 0 5 6.500L3.500 8M3.500 4.500V8H7M4.500 12A6 6 0 0 0 15 13.500l1.500-1.500M16.500 15.500V12H13",
  inbox: "M3.500 11.500 5.500 4h9l2 7.500V16h-13zM3.500 11.500H7.500a2.500 2.500 0 0 0 5 0h4",
  link: "M8.500 6.500 11 4a3.500 3.500 0 0 1 5 5l-2.500 2.500M11.500 13.500 9 16a3.500 3.500 0 0 1-5-5l2.500-2.500M8 12l4-4",
  arrow: "M3.500 10h12.500M11.500 5.500 16 10l-4.500 4.500",
  dot: "M10 9a1 1 0 1 1 0 2 1 1 0 0 1 0-2z",
  dots: "M5 10h.1M10 10h.1M15 10h.1",
  person: "M10 3.500a3.200 3.200 0 1 1 0 6.400 3.200 3.200 0 0 1 0-6.400zM3.800 16.500a6.300 6.300 0 0 1 12.400 0",
  out: "M12 4H4.500v12H12M9 10h8M14 7l3 3-3 3",
  globe: "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM3 10h14M10 3c-5 4.500-5 9.500 0 14M10 3c5 4.500 5 9.500 0 14",
  picture: "M3 4h14v12H3zM3 13.500l4-4 3.500 3.500 2-2 4.500 4M12.500 7.500h.1",
};

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
 * A link to another site, which learns neither where the reader comes from nor gets hold of this page. An address that is not safe is
 * shown as text.
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
export const severityTag = severity => severity && h("span", { class: "tag severity", "data-severity": severity },
  severity.charAt(0).toUpperCase() + severity.slice(1));

/** @param {string} platform */
export const platformMark = platform => h("span", { class: "mark", "data-platform": platform, "aria-hidden": "true" },
  platform.charAt(0).toUpperCase());

/** @param {string | undefined} title @param {string} instead */
export const titleText = (title, instead) => title ? said(title) : h("span", null, instead);

/** @param {string} text */
export const empty = text => h("p", { class: "empty" }, text);

/** @param {unknown} error */
export const failure = error => h("p", { class: "empty failure", role: "alert" }, icon("alert"),
  h("span", null, error instanceof Error ? error.message : String(error)));

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notify("Link copied.");
  } catch {
    notify(`The browser does not allow copying. The link is ${text}`, { isError: true });
  }
}
