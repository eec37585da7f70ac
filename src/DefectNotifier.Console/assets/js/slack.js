// Draws a Slack message: the blocks that this service writes. Of any other block only its name is shown.
import { h, said } from "./dom.js";
import { pictureBox, unknownBox } from "./boxes.js";
import { markup } from "./mrkdwn.js";
import { outLink } from "./parts.js";
import { full } from "./time.js";

/** @typedef {import("./dom.js").Child} Child */

/** @param {any} message */
export const slack = message =>
    h(
        "div",
        { class: "chat slack" },
        list(message?.blocks).length > 0
            ? list(message.blocks).map(block)
            : typeof message?.text === "string"
              ? h("p", null, markup(message.text))
              : null,
        list(message?.attachments).map(attachment =>
            h(
                "div",
                { class: "attachment" },
                list(attachment?.blocks).length > 0 ? list(attachment.blocks).map(block) : textOf(attachment?.text ?? attachment?.fallback),
            ),
        ),
    );

/** @param {any} value @returns {any[]} */
const list = value => (Array.isArray(value) ? value : []);

/** @param {any} value */
const textOf = value => (typeof value === "string" ? markup(value) : null);

/** A text object: mrkdwn is interpreted, plain text is not. @param {any} object @returns {Child} */
const words = object => (typeof object?.text !== "string" ? null : object.type === "mrkdwn" ? markup(object.text) : said(object.text));

/** @param {any} one @returns {Child} */
function block(one) {
    switch (one?.type) {
        case "header":
            return h("p", { class: "title" }, words(one.text));
        case "section":
            return [
                one.text && h("p", null, words(one.text)),
                list(one.fields).length > 0 &&
                    h(
                        "div",
                        { class: "fields" },
                        list(one.fields).map(field => h("p", null, words(field))),
                    ),
                one.accessory && element(one.accessory),
            ];
        case "context":
            return h(
                "p",
                { class: "small" },
                list(one.elements).map(each => (each?.type === "image" ? pictureBox(each.image_url, each.alt_text) : words(each))),
            );
        case "actions":
            return h("div", { class: "buttons" }, list(one.elements).map(element));
        case "divider":
            return h("hr", null);
        case "image":
            return [one.title && h("p", { class: "small" }, words(one.title)), pictureBox(one.image_url, one.alt_text)];
        case "rich_text":
            return list(one.elements).map(richElement);
        case "table":
            return table(one);
        default:
            return unknownBox("Slack", one?.type);
    }
}

/** @param {any} one @returns {Child} */
function element(one) {
    if (one?.type === "image") return pictureBox(one.image_url, one.alt_text);
    if (one?.type !== "button") return unknownBox("Slack", one?.type);
    return one.url === undefined
        ? h("span", { class: "chat-button" }, words(one.text))
        : h("span", { class: "chat-button" }, outLink(one.url, words(one.text)));
}

/** @param {any} one @returns {Child} */
function richElement(one) {
    switch (one?.type) {
        case "rich_text_section":
            return h("p", { dir: "auto" }, runs(one));
        case "rich_text_quote":
            return h("blockquote", { dir: "auto" }, runs(one));
        case "rich_text_preformatted":
            return h("pre", { class: one.border ? "quoted" : null }, runs(one));
        case "rich_text_list": {
            const tag = one.style === "ordered" ? "ol" : "ul";
            return h(
                tag,
                { start: tag === "ol" ? Number(one.offset ?? 0) + 1 : null, css: { "margin-left": `${Number(one.indent ?? 0) * 1.5}em` } },
                list(one.elements).map(item => h("li", { dir: "auto" }, runs(item))),
            );
        }
        default:
            return unknownBox("Slack", one?.type);
    }
}

/** @param {any} one */
const runs = one => list(one?.elements).map(run);

/** @param {any} one @returns {Child} */
function run(one) {
    switch (one?.type) {
        case "text":
            return styled(one.style, String(one.text ?? ""));
        case "link":
            return styled(one.style, outLink(one.url, String(one.text ?? one.url ?? "")));
        case "date": {
            const text =
                typeof one.timestamp === "number" ? full(new Date(one.timestamp * 1_000).toISOString()) : String(one.fallback ?? "");
            return one.url === undefined ? text : outLink(one.url, text);
        }
        case "user":
            return mention(`@${one.user_id}`, one.style);
        case "usergroup":
            return mention(`@${one.usergroup_id}`, one.style);
        case "broadcast":
            return mention(`@${one.range}`, one.style);
        case "channel":
            return mention(`#${one.channel_id}`, one.style);
        case "emoji":
            return emoji(one);
        default:
            return unknownBox("Slack", one?.type, true);
    }
}

/** @param {any} one */
function emoji(one) {
    const points = String(one.unicode ?? "")
        .split("-")
        .map(point => Number.parseInt(point, 16));
    return points.every(point => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : `:${one.name}:`;
}

/** @param {string} text @param {any} style */
const mention = (text, style) => styled(style, h("span", { class: "mention" }, text));

/** @param {any} style @param {Child} content @returns {Child} */
function styled(style, content) {
    let result = content;
    if (style?.code) result = h("code", null, result);
    if (style?.strike) result = h("s", null, result);
    if (style?.italic) result = h("i", null, result);
    if (style?.bold) result = h("b", null, result);
    return result;
}

/** @param {any} one */
const table = one =>
    h(
        "div",
        { class: "scroll", tabindex: 0, role: "group", "aria-label": "Table" },
        h(
            "table",
            null,
            h(
                "tbody",
                null,
                list(one.rows).map(cells =>
                    h(
                        "tr",
                        null,
                        list(cells).map(cell =>
                            h(
                                "td",
                                { dir: "auto" },
                                cell?.type === "rich_text" ? list(cell.elements).map(richElement) : String(cell?.text ?? ""),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    );
