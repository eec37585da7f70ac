// Times for people: in UTC or in the time zone of this device.
import { prefs } from "./prefs.js";

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {"clock" | "minute" | "full"} form */
function format(form) {
    const zone = prefs.zone === "utc" ? "UTC" : undefined;
    const key = form + zone;
    let found = formats.get(key);
    if (!found) {
        found = new Intl.DateTimeFormat("en-GB", {
            hour: "2-digit",
            minute: "2-digit",
            timeZone: zone,
            ...(form !== "minute" && { second: "2-digit" }),
            ...(form === "full" && { day: "numeric", month: "short", year: "numeric" }),
        });
        formats.set(key, found);
    }
    return found;
}

/** @param {string | number} at */
const dayOf = at => new Date(at).toLocaleDateString("en-CA", { timeZone: prefs.zone === "utc" ? "UTC" : undefined });

/** "UTC" or "UTC+2". @param {number} [at] */
export function zoneName(at) {
    if (prefs.zone === "utc") return "UTC";
    const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "shortOffset" }).formatToParts(at);
    return (parts.find(part => part.type === "timeZoneName")?.value ?? "").replace("GMT", "UTC");
}

/** The date and time with seconds and zone. @param {string} at */
export const full = at => `${format("full").format(Date.parse(at))} ${zoneName(Date.parse(at))}`;

/** The time of a recent day, or the date with the time. @param {string} at @param {number} now @param {boolean} [withSeconds] */
export function clock(at, now, withSeconds = false) {
    const time = format(withSeconds ? "clock" : "minute").format(Date.parse(at));
    if (dayOf(at) === dayOf(now)) return time;
    const isFar = Math.abs(Date.parse(at) - now) > 300 * 86_400_000;
    const zone = prefs.zone === "utc" ? "UTC" : undefined;
    const day = new Date(at).toLocaleDateString("en-GB", {
        day: "numeric",
        month: "short",
        timeZone: zone,
        ...(isFar && { year: "numeric" }),
    });
    return `${day} ${time}`;
}

/** The time with milliseconds. @param {string} at @param {number} now */
export const precise = (at, now) => `${clock(at, now, true)}.${String(new Date(at).getMilliseconds()).padStart(3, "0")}`;

/** A length of time, in at most two units. @param {number} milliseconds */
export function length(milliseconds) {
    const ms = Math.max(0, Math.round(milliseconds));
    if (ms < 1_000) return `${ms} ms`;
    if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
    const seconds = Math.round(ms / 1_000);
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return two(minutes, "min", seconds % 60, "s");
    const hours = Math.floor(minutes / 60);
    return hours < 48 ? two(hours, "h", minutes % 60, "min") : two(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** @param {number} large @param {string} largeUnit @param {number} small @param {string} smallUnit */
const two = (large, largeUnit, small, smallUnit) => `${large} ${largeUnit}${small ? ` ${small} ${smallUnit}` : ""}`;

/** "12 s ago"; long ago: the time. @param {string} at @param {number} now */
export function ago(at, now) {
    const seconds = Math.floor((now - Date.parse(at)) / 1_000);
    if (seconds < 5) return "just now";
    if (seconds < 60) return `${seconds} s ago`;
    return seconds < 3_600 ? `${Math.floor(seconds / 60)} min ago` : clock(at, now);
}
