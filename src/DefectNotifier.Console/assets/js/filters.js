// The filters of a list; they are the query of its address.
import { query } from "./api.js";
import { h } from "./dom.js";
import { button } from "./parts.js";
import { navigate } from "./router.js";

/**
 * @typedef {{ name: string, label: string, options?: [string, string][], hint?: string, type?: string }} Field
 *
 * @param {{ address: string, fields: Field[], values: URLSearchParams }} options
 */
export function filters({ address, fields, values }) {
    /** @param {HTMLFormElement} form @param {boolean} isRefined */
    function apply(form, isRefined) {
        const next = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
        const target = address + query(next);
        if (target !== location.pathname + location.search) navigate(target, { replace: isRefined });
    }

    const isSet = fields.some(field => values.get(field.name));
    const form = h(
        "form",
        {
            class: "filters",
            "aria-label": "Filters",
            onsubmit: (/** @type {SubmitEvent} */ event) => {
                event.preventDefault();
                apply(/** @type {HTMLFormElement} */ (event.currentTarget), false);
            },
            onchange: (/** @type {Event} */ event) => apply(/** @type {HTMLFormElement} */ (event.currentTarget), false),
        },
        fields.map(field =>
            h(
                "label",
                { key: field.name },
                h("span", null, field.label),
                field.options
                    ? h(
                          "select",
                          { name: field.name, value: values.get(field.name) ?? "" },
                          field.options.map(([value, label]) => h("option", { key: value, value }, label)),
                          missing(field, values.get(field.name)),
                      )
                    : h("input", {
                          name: field.name,
                          type: field.type ?? "text",
                          value: values.get(field.name) ?? "",
                          placeholder: field.hint,
                          autocomplete: "off",
                          spellcheck: "false",
                      }),
            ),
        ),
        h(
            "div",
            { class: "acts" },
            isSet && button("Clear", () => navigate(address), { class: "quiet" }),
            h("button", { class: "button", type: "submit" }, "Apply"),
        ),
    );
    // A phone shows the list first.
    const isOpen = isSet || matchMedia("(min-width: 760px)").matches;
    return h(
        "details",
        { class: "fold", made: (/** @type {HTMLDetailsElement} */ details) => (details.open = isOpen) },
        h("summary", null, "Filters"),
        form,
    );
}

/** A value of the address that is not in the list stays visible. @param {Field} field @param {string | null} value */
const missing = (field, value) =>
    value && !field.options?.some(([known]) => known === value) && h("option", { key: "other", value }, value);
