// The login: a secret of the operations API in exchange for a session.
import { ApiError, post } from "./api.js";
import { h } from "./dom.js";
import { logo } from "./parts.js";
import { redraw, store } from "./store.js";

let error = "";
let isSending = false;

/** @param {(session: import("./store.js").Session) => void} done */
export const login = done =>
    h(
        "form",
        { class: "login panel", onsubmit: (/** @type {SubmitEvent} */ event) => submit(event, done) },
        h("img", { src: logo, alt: "", width: 48, height: 48 }),
        h("h1", null, "Log in"),
        h("p", { class: "soft" }, "Enter one of the operations secrets of this service."),
        h("label", { for: "secret" }, "Secret"),
        h("input", {
            id: "secret",
            name: "secret",
            type: "password",
            autocomplete: "current-password",
            required: true,
            "aria-describedby": "secret-error",
            "aria-invalid": error ? "true" : null,
            made: (/** @type {HTMLElement} */ field) => queueMicrotask(() => field.focus()),
        }),
        store.session?.warning && h("p", { class: "warning" }, store.session.warning),
        h("p", { id: "secret-error", class: "error", role: "alert" }, error),
        h("button", { class: "button main", type: "submit", disabled: isSending }, "Log in"),
    );

/** @param {SubmitEvent} event @param {(session: import("./store.js").Session) => void} done */
async function submit(event, done) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const secret = String(new FormData(form).get("secret") ?? "");
    isSending = true;
    redraw();
    try {
        const session = await post("/console/session", { secret });
        error = "";
        form.reset();
        done(session);
    } catch (failure) {
        error = failure instanceof ApiError ? failure.message : String(failure);
        form.querySelector("input")?.select();
    } finally {
        isSending = false;
        redraw();
    }
}
