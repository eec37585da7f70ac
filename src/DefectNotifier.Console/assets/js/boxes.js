// Boxes in place of what is not drawn.
import { h, said, safeAddress } from "./dom.js";
import { icon, outLink } from "./parts.js";

/** A picture is never loaded: the request would show its owner who reads the message. @param {unknown} address @param {unknown} alt */
export function pictureBox(address, alt) {
    const url = safeAddress(address);
    return h(
        "span",
        { class: "box picture" },
        icon("picture"),
        h("span", null, said(typeof alt === "string" && alt ? alt : "Picture without a description")),
        url && h("span", { class: "small" }, outLink(url.href, `Open at ${url.host}`)),
    );
}

/** @param {string} platform @param {unknown} type @param {boolean} [isInline] */
export const unknownBox = (platform, type, isInline = false) =>
    h(
        "span",
        { class: isInline ? "box inline" : "box" },
        `${platform} shows a `,
        h("code", null, said(String(type ?? "part without a type"))),
        " here",
    );
