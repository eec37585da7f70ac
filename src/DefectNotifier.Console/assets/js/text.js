// Makes invisible characters visible.

// Control characters except tab and line feed, marks that change the direction of the text after them, invisible separators, tags, and
// halves of surrogate pairs. The joiners of emoji and of scripts are not among them.
const hidden = new RegExp(
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u206f\\ufeff" +
        "\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}\\ud800-\\udfff]",
    "gu",
);

/**
 * The time to find the ends of marks, such as **, grows with the square of the length. What a longer text has beyond this is shown without
 * its marks being interpreted.
 */
export const maxMarked = 5_000;

/** The text with a symbol in place of each hidden character. @param {string} text */
export const visible = text =>
    text.replaceAll("\r\n", "\n").replace(hidden, mark => {
        const code = /** @type {number} */ (mark.codePointAt(0));
        return code < 0x20 ? String.fromCharCode(0x2400 + code) : code >= 0xd800 && code <= 0xdfff ? "\ufffd" : "␛";
    });
