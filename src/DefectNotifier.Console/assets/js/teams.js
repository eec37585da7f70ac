// Draws an Adaptive Card: the elements that this service writes, and common ones of templates. Of any other only the name is shown.
import { h, said } from "./dom.js";
import { pictureBox, unknownBox } from "./boxes.js";
import { outLink } from "./parts.js";
import { maxMarked } from "./text.js";

/** @typedef {import("./dom.js").Child} Child */

/** @param {any} message */
export function teams(message) {
    const cards = list(message?.attachments).map(attachment => attachment?.content);
    return h("div", { class: "chat teams" }, (cards.length > 0 ? cards : [message]).map(card));
}

/** @param {any} one @returns {Child} */
function card(one) {
    if (one?.type !== "AdaptiveCard") return unknownBox("Teams", one?.type);
    return h("div", { class: "card" }, list(one.body).map(element), list(one.actions).length > 0 && actions(one.actions));
}

/** @param {any} value @returns {any[]} */
const list = value => (Array.isArray(value) ? value : []);

/** @param {any} one @returns {Child} */
function element(one) {
    const rule = one?.separator ? h("hr", null) : null;
    return one?.isVisible === false ? null : [rule, content(one)];
}

/** @param {any} one @returns {Child} */
function content(one) {
    switch (one?.type) {
        case "TextBlock":
            return h("p", { class: look(one), dir: "auto" }, markdown(String(one.text ?? "")));
        case "RichTextBlock":
            return h("p", { class: `runs${one.spacing === "Small" ? " near" : ""}`, dir: "auto" }, list(one.inlines).map(run));
        case "Container":
            return h("div", { class: `container ${styleOf(one)}${one.bleed ? " bleed" : ""}` }, list(one.items).map(element));
        case "ColumnSet":
            return h(
                "div",
                { class: "columns" },
                list(one.columns).map(column => h("div", { class: `container ${styleOf(column)}` }, list(column?.items).map(element))),
            );
        case "FactSet":
            return h(
                "dl",
                { class: "facts" },
                list(one.facts).map(fact => [
                    h("dt", { dir: "auto" }, markdown(String(fact?.title ?? ""))),
                    h("dd", { dir: "auto" }, markdown(String(fact?.value ?? ""))),
                ]),
            );
        case "Table":
            return table(one);
        case "Image":
            return pictureBox(one.url, literal(String(one.altText ?? "")));
        case "ActionSet":
            return actions(one.actions);
        default:
            return unknownBox("Teams", one?.type);
    }
}

/** @param {any} one */
const styleOf = one => (["emphasis", "good", "accent", "warning", "attention"].includes(one?.style) ? one.style : "");

/** @param {any} one */
const look = one =>
    [
        ["Large", "ExtraLarge"].includes(one?.size) && "large",
        one?.size === "Small" && "small",
        one?.weight === "Bolder" && "bold",
        one?.isSubtle && "subtle",
    ]
        .filter(Boolean)
        .join(" ");

/** @param {any} one @returns {Child} */
function run(one) {
    if (typeof one === "string") return literal(one);
    if (one?.type !== "TextRun") return unknownBox("Teams", one?.type, true);
    const text = literal(String(one.text ?? ""));
    const url = one.selectAction?.type === "Action.OpenUrl" ? one.selectAction.url : undefined;
    /** @type {Child} */
    let result = url === undefined ? text : outLink(url, text);
    if (one.strikethrough) result = h("s", null, result);
    if (one.italic) result = h("i", null, result);
    return h(one.fontType === "Monospace" ? "code" : "span", { class: look(one) || null }, result);
}

/** @param {any} value */
const actions = value =>
    h(
        "div",
        { class: "buttons" },
        list(value).map(one =>
            one?.type === "Action.OpenUrl"
                ? h("span", { class: "chat-button" }, outLink(one.url, literal(String(one.title ?? one.url ?? ""))))
                : unknownBox("Teams", one?.type),
        ),
    );

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
                list(one.rows).map((row, at) =>
                    h(
                        "tr",
                        null,
                        list(row?.cells).map(cell =>
                            h(
                                at === 0 && one.firstRowAsHeaders ? "th" : "td",
                                at === 0 && one.firstRowAsHeaders ? { scope: "col" } : null,
                                list(cell?.items).map(element),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    );

/** The service writes an invisible joiner to keep a text literal. @param {string} text */
const literal = text => text.replaceAll("\u2060", "");

// An escape, a mention, a link, bold text, italic text.
const parts = new RegExp(
    String.raw`\\([\\\x60*_{}[\]()#+\-.!|~<>])|<at>([^<]*)</at>|\[((?:[^[\]\\]|\\.)*)\]\(([^()\s]*)\)` +
        String.raw`|\*\*(?=\S)(.+?)\*\*|(?<![\p{L}\p{N}\\])([*_])(?=\S)(.+?)\6(?![\p{L}\p{N}])`,
    "gsu",
);

/** The Markdown of a card. @param {string} text @returns {Child[]} */
function markdown(text) {
    const lines = text.slice(0, maxMarked).split(/\n\n+|\n/);
    return [...lines.map((line, at) => [at > 0 && h("br", null), inline(line)]), literal(text.slice(maxMarked))];
}

/** @param {string} line @returns {Child[]} */
function inline(line) {
    /** @type {Child[]} */
    const all = [];
    let from = 0;
    for (const found of line.matchAll(parts)) {
        all.push(literal(line.slice(from, found.index)));
        const [whole, escaped, person, label, url, bold, , italic] = found;
        if (escaped !== undefined) all.push(escaped);
        else if (person !== undefined) all.push(h("span", { class: "mention" }, said(`@${person}`)));
        else if (url !== undefined) all.push(outLink(url.replaceAll("%3B", ";"), literal(label.replace(/\\(.)/gs, "$1"))));
        else if (bold !== undefined) all.push(h("b", null, inline(bold)));
        else all.push(h("i", null, inline(italic)));
        from = found.index + whole.length;
    }
    all.push(literal(line.slice(from)));
    return all;
}
