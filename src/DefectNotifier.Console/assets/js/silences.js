// Silences: list, add, expire.
import { ApiError, get, post } from "./api.js";
import { h, said } from "./dom.js";
import { actButton, badge, button, empty, failure, link, time } from "./parts.js";
import { root } from "./router.js";
import { inOrder, notify, now, redraw, store, whyNot } from "./store.js";
import { count, severities } from "./words.js";

/** @typedef {import("./types.js").Silence} Silence */

/** @returns {import("./app.js").Page} */
export function silences() {
    /** @type {Silence[]} */
    let all = [];
    /** @type {unknown} */
    let error = null;
    let isLoaded = false;
    let withEnded = false;
    /** @type {ApiError | null} */
    let refused = null;
    let isSending = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let looking;
    const order = inOrder();

    async function read() {
        const isNew = order();
        try {
            const read = await get("/silences", { all: withEnded ? "true" : undefined });
            if (!isNew()) return;
            all = read;
            error = null;
            isLoaded = true;
        } catch (failed) {
            error = failed;
        }
        redraw();
    }

    /** @param {SubmitEvent} event */
    async function add(event) {
        event.preventDefault();
        const form = /** @type {HTMLFormElement} */ (event.target);
        const why = whyNot();
        if (why) return notify(why);
        const data = new FormData(form);
        const text = (/** @type {string} */ name) => String(data.get(name) ?? "").trim() || undefined;
        const texts = (/** @type {string} */ name) =>
            text(name)
                ?.split(",")
                .map(part => part.trim())
                .filter(Boolean);
        isSending = true;
        redraw();
        try {
            const added = await post("/silences", {
                project: texts("project"),
                event: texts("event"),
                title: texts("title"),
                minSeverity: text("minSeverity"),
                allProjects: data.has("allProjects"),
                from: text("from"),
                for: text("for"),
                by: store.session?.name ?? text("by"),
                why: text("why"),
                discard: data.get("what") === "discard",
            });
            refused = null;
            form.reset();
            notify(`Silence ${added.id} is added.`);
            await read();
        } catch (failed) {
            refused = failed instanceof ApiError ? failed : new ApiError(0, "", String(failed));
            const field = refused.field && form.elements.namedItem(refused.field);
            if (field instanceof HTMLElement) field.focus();
        } finally {
            isSending = false;
            redraw();
        }
    }

    /** @param {Silence} silence */
    async function expire(silence) {
        try {
            await post(`/silences/${silence.id}/expire`);
            notify(`Silence ${silence.id} has ended.`);
        } catch (failed) {
            notify(failed instanceof ApiError ? failed.message : String(failed), { isError: true });
        }
        await read();
    }

    /** @param {string} name @param {string} label @param {Record<string, any>} [props] @param {string} [hint] */
    const field = (name, label, props, hint) =>
        h(
            "div",
            { key: name, class: "field" },
            h("label", { for: `field-${name}` }, label),
            h("input", {
                id: `field-${name}`,
                name,
                autocomplete: "off",
                "aria-invalid": refused?.field === name ? "true" : null,
                "aria-describedby": refused?.field === name ? "refused" : hint ? `hint-${name}` : null,
                ...props,
            }),
            hint && h("small", { id: `hint-${name}`, class: "soft" }, hint),
        );

    return {
        title: () => "Silences",
        read,
        onEvents: () => {
            looking ??= setTimeout(() => {
                looking = undefined;
                read();
            }, 2_000);
        },
        leave: () => clearTimeout(looking),
        view: () =>
            h(
                "div",
                { class: "page" },
                h(
                    "header",
                    { class: "head" },
                    h(
                        "div",
                        null,
                        h("h1", null, "Silences"),
                        h("p", { class: "soft" }, "A silence defers the messages of matching events until it ends, or discards them."),
                    ),
                ),
                h(
                    "div",
                    { class: "halves" },
                    h(
                        "section",
                        { class: "panel", key: "list", "aria-labelledby": "list" },
                        h(
                            "header",
                            { class: "bar" },
                            h("h2", { id: "list" }, withEnded ? "All silences" : "Silences that have not ended"),
                            button(
                                withEnded ? "Hide ended" : "Show ended",
                                () => {
                                    withEnded = !withEnded;
                                    read();
                                },
                                { class: "quiet" },
                            ),
                        ),
                        error !== null
                            ? failure(error)
                            : all.length === 0
                              ? empty(isLoaded ? "There is no silence." : "Loading…")
                              : h(
                                    "ul",
                                    { class: "silences" },
                                    all.map(one => card(one, expire)),
                                ),
                    ),
                    h(
                        "section",
                        { class: "panel", key: "add", "aria-labelledby": "add" },
                        h("header", { class: "bar" }, h("h2", { id: "add" }, "Add a silence")),
                        h(
                            "form",
                            { class: "form", onsubmit: add },
                            field(
                                "project",
                                "Projects",
                                { placeholder: "WEB, SHOP*" },
                                "Separate several with commas; * stands for any characters.",
                            ),
                            field("event", "Events", { placeholder: "defect.*" }),
                            field("title", "Titles", { placeholder: "*timeout*" }),
                            h(
                                "label",
                                { class: "field", key: "minSeverity" },
                                h("span", null, "Severity of at least"),
                                h(
                                    "select",
                                    { name: "minSeverity" },
                                    h("option", { value: "" }, "any"),
                                    severities.map(one => h("option", { key: one, value: one }, one)),
                                ),
                            ),
                            h(
                                "label",
                                { class: "check", key: "allProjects" },
                                h("input", { type: "checkbox", name: "allProjects" }),
                                h("span", null, "Without a condition: every event of all projects"),
                            ),
                            field("from", "Starts at", { placeholder: "now, or 2026-03-14T15:00Z" }),
                            field("for", "Lasts", { placeholder: "2h", required: true }, "For example 30m, 2h or 1d; at most 30 days."),
                            h(
                                "fieldset",
                                { key: "what" },
                                h("legend", null, "Matching messages are"),
                                h(
                                    "label",
                                    { class: "check" },
                                    h("input", { type: "radio", name: "what", value: "defer", checked: true }),
                                    h("span", null, "deferred, and sent when it ends"),
                                ),
                                h(
                                    "label",
                                    { class: "check" },
                                    h("input", { type: "radio", name: "what", value: "discard" }),
                                    h("span", null, "discarded"),
                                ),
                            ),
                            !store.session?.name && field("by", "Your name", { required: true }),
                            field("why", "Reason", { required: true }),
                            refused && h("p", { id: "refused", class: "error", role: "alert" }, refused.message),
                            h(
                                "p",
                                { class: "acts" },
                                h(
                                    "button",
                                    {
                                        class: `button main${whyNot() ? " off" : ""}`,
                                        type: "submit",
                                        disabled: isSending,
                                        "aria-disabled": whyNot() ? "true" : null,
                                        title: whyNot(),
                                    },
                                    "Add silence",
                                ),
                            ),
                        ),
                    ),
                ),
            ),
    };
}

/** @param {Silence} one @param {(silence: Silence) => void} expire */
function card(one, expire) {
    const at = now();
    const hasEnded = Date.parse(one.endsAt) <= at;
    const isActive = !hasEnded && Date.parse(one.startsAt) <= at;
    const conditions = [
        ...one.projectCodes,
        ...one.events,
        ...one.severities,
        ...one.titles.map(title => `“${title}”`),
        ...(one.minSeverity ? [`${one.minSeverity} or worse`] : []),
    ];
    return h(
        "li",
        { key: one.id },
        h(
            "div",
            { class: "what" },
            h(
                "p",
                { class: "line" },
                badge(
                    hasEnded
                        ? { tone: "none", icon: "tick", label: "Ended" }
                        : isActive
                          ? { tone: "wait", icon: "moon", label: "Active" }
                          : { tone: "none", icon: "clock", label: "Not started" },
                ),
                h("b", null, `Silence ${one.id}`),
                h("span", { class: "soft" }, one.isDiscarding ? "discards" : "defers"),
            ),
            h(
                "p",
                { class: "tags" },
                conditions.length > 0 ? conditions.map(each => h("span", { class: "tag", key: each }, said(each))) : "every event",
            ),
            h("p", null, said(one.why)),
            h(
                "p",
                { class: "soft" },
                "by ",
                said(one.by),
                ", ",
                time(one.startsAt),
                " to ",
                time(one.endsAt),
                ` · matched ${count(one.matchCount, "event")}`,
                one.matchedAt && [", last at ", time(one.matchedAt)],
            ),
        ),
        h(
            "div",
            { class: "acts" },
            !one.isDiscarding && !hasEnded && link(`${root}events?state=deferred`, { class: "button" }, "Deferred messages"),
            !hasEnded && actButton("Expire now", () => expire(one)),
        ),
    );
}
