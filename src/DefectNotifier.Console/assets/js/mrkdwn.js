// Reads Slack's mrkdwn into descriptions of elements.
import { h } from "./dom.js";
import { outLink } from "./parts.js";
import { maxMarked } from "./text.js";
import { full } from "./time.js";

/** @typedef {import("./dom.js").Child} Child */

// A command between angle brackets, or a styled word: marks count only at the ends of words.
const parts = /<([^<>\n]+)>|(?<![\p{L}\p{N}])([*_~`])(?=\S)([^\n]*?\S)\2(?![\p{L}\p{N}])/gu;
/** @type {Record<string, string>} */
const tags = { "*": "b", _: "i", "~": "s", "`": "code" };
/** @type {Record<string, string>} */
const entities = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** @param {string} text */
export const markup = text => {
    const lines = text.slice(0, maxMarked).split("\n");
    return h(
        "bdi",
        { dir: "auto" },
        lines.map((line, at) => [
            at > 0 && h("br", null),
            line.startsWith("&gt;") ? h("span", { class: "quoted" }, inline(line.slice(4).trimStart())) : inline(line),
        ]),
        unescape(text.slice(maxMarked)),
    );
};

/** @param {string} line @returns {Child[]} */
function inline(line) {
    /** @type {Child[]} */
    const all = [];
    let from = 0;
    for (const found of line.matchAll(parts)) {
        all.push(unescape(line.slice(from, found.index)));
        const [whole, command, mark, inner] = found;
        all.push(command !== undefined ? commandOf(command) : h(tags[mark], null, mark === "`" ? unescape(inner) : inline(inner)));
        from = found.index + whole.length;
    }
    all.push(unescape(line.slice(from)));
    return all;
}

/** @param {string} text */
const unescape = text => text.replace(/&(?:lt|gt|amp);/g, entity => entities[entity]).replaceAll("\u2060", "");

/** @param {string} command @returns {Child} */
function commandOf(command) {
    const bar = command.indexOf("|");
    const [target, label] = bar < 0 ? [command, null] : [command.slice(0, bar), unescape(command.slice(bar + 1))];
    if (target.startsWith("!date^")) {
        const [, seconds, , url] = target.split("^");
        // The service writes a character that must stay literal as the fallback of an invalid date.
        const text = Number(seconds) > 0 ? full(new Date(Number(seconds) * 1_000).toISOString()) : (label ?? "");
        return url ? outLink(unescape(url), text) : text;
    }
    if (/^[@#!]/.test(target)) {
        const name = label ?? (target.startsWith("!") ? target.slice(1).replace(/^subteam\^/, "") : target.slice(1));
        return h("span", { class: "mention" }, target.startsWith("#") ? `#${name}` : `@${name}`);
    }
    return outLink(unescape(target), label ?? unescape(target));
}
