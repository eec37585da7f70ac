// The message of a delivery, drawn about as the chat shows it.
import { ApiError, getExact } from "./api.js";
import { h, said } from "./dom.js";
import { empty, platformMark } from "./parts.js";
import { redraw } from "./store.js";
import { slack } from "./slack.js";
import { teams } from "./teams.js";
import { platformLabel } from "./words.js";

/** @typedef {import("./types.js").MessageView} MessageView */
/** @typedef {import("./types.js").Delivery} Delivery */

const forms = /** @type {const} */ (["Message", "Text", "JSON"]);

export function message() {
    /** @type {Map<number, MessageView | string>} */
    let known = new Map();
    let form = /** @type {typeof forms[number]} */ ("Message");

    /** @param {Delivery} delivery */
    async function read(delivery) {
        known.set(delivery.id, "Loading…");
        try {
            known.set(delivery.id, await getExact(`/deliveries/${delivery.id}/message`));
        } catch (error) {
            known.set(delivery.id, error instanceof ApiError && error.status !== 404 ? error.message : "There is no message to show.");
        }
        redraw();
    }

    return {
        forget: () => {
            known = new Map();
        },
        /** @param {Delivery} delivery */
        view(delivery) {
            if (!known.has(delivery.id)) read(delivery);
            const found = known.get(delivery.id);
            return h(
                "section",
                { class: "panel", "aria-labelledby": "message" },
                h(
                    "header",
                    { class: "bar" },
                    h("h2", { id: "message" }, "Message"),
                    h(
                        "div",
                        { class: "choice", role: "group", "aria-label": "Show as" },
                        forms.map(one =>
                            h(
                                "button",
                                {
                                    type: "button",
                                    "aria-pressed": String(one === form),
                                    onclick: () => {
                                        form = one;
                                        redraw();
                                    },
                                },
                                one,
                            ),
                        ),
                    ),
                ),
                !found || typeof found === "string" ? empty(found ?? "Loading…") : shown(found, form),
            );
        },
    };
}

/** @param {MessageView} view @param {typeof forms[number]} form */
const shown = (view, form) =>
    h(
        "div",
        { class: "shown" },
        h(
            "p",
            { class: "soft" },
            view.isExact ? "The message as it is stored." : "Rendered now with the present templates; it may differ from what was sent.",
        ),
        form === "JSON"
            ? h("pre", { key: "json", class: "json", tabindex: 0, "aria-label": "JSON of the message" }, JSON.stringify(view.json, null, 2))
            : form === "Text"
              ? h("pre", { key: "text", class: "json", tabindex: 0, "aria-label": "Text of the message", dir: "auto" }, view.text)
              : h(
                    "div",
                    { key: "drawn", class: "stack close" },
                    h(
                        "div",
                        { class: "phone" },
                        platformMark(view.platform),
                        h("div", null, h("b", null, platformLabel(view.platform)), h("p", { class: "cut" }, said(firstLine(view.text)))),
                    ),
                    drawing(view),
                    h("p", { class: "soft" }, `About as ${platformLabel(view.platform)} shows it. Pictures are not loaded.`),
                ),
    );

/** A template may write anything: what cannot be drawn is still shown as text and JSON. @param {MessageView} view */
function drawing(view) {
    try {
        return view.platform === "teams" ? teams(view.json) : slack(view.json);
    } catch {
        return empty("This message cannot be drawn; see its text and its JSON.");
    }
}

/** @param {string} text */
const firstLine = text => text.split("\n").find(line => line.trim()) ?? "";
