// Elements from plain descriptions. A text always becomes a text node: no function here reads markup.
import { visible } from "./text.js";

/**
 * @typedef {{ tag: string, props: Record<string, any>, children: Child[] }} Description
 * @typedef {Description | string | number | boolean | null | undefined | any[]} Child
 */

const svgSpace = "http://www.w3.org/2000/svg";
const safeSchemes = new Set(["http:", "https:", "mailto:"]);

/** What each element was last made from. @type {WeakMap<Node, Description>} */
const madeFrom = new WeakMap();

/**
 * Describes an element. Members of props are attributes, except: key identifies it among its siblings; on... are listeners;
 * value and checked are properties; css holds style properties; made is called once with the element.
 * @param {string} tag
 * @param {Record<string, any> | null} [props]
 * @param {...Child} children
 * @returns {Description}
 */
export function h(tag, props, ...children) {
    return { tag, props: props ?? {}, children };
}

/** A text from outside, in the direction of its own script. @param {string | number | null | undefined} text */
export const said = text => h("bdi", { dir: "auto" }, text);

/** A text for screen readers only. @param {string} text */
export const unseen = text => h("span", { class: "unseen" }, text);

/**
 * The parsed address if it is safe to follow (http, https, mail). Otherwise null.
 * @param {unknown} address
 * @param {string} [base]
 */
export function safeAddress(address, base) {
    const url = typeof address === "string" ? URL.parse(address, base) : null;
    return url && safeSchemes.has(url.protocol) ? url : null;
}

/**
 * Makes the content of an element equal to the descriptions. Elements that are already there are changed and kept, so the focus, the
 * scroll position and a selection survive.
 * @param {Element} parent
 * @param {Child[]} children
 */
export function patch(parent, children) {
    const focused = document.activeElement;
    patchChildren(parent, children);
    // An element that was moved has lost the focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

/** @param {Element} parent @param {Child[]} children */
function patchChildren(parent, children) {
    const wanted = flat(children);
    /** @type {Map<unknown, ChildNode>} */
    const keyed = new Map();
    /** @type {ChildNode[]} */
    const loose = [];
    for (const node of parent.childNodes) {
        const key = madeFrom.get(node)?.props.key;
        if (key === undefined) loose.push(node);
        else keyed.set(key, node);
    }

    let next = 0;
    const nodes = wanted.map(child => {
        const key = typeof child === "string" ? undefined : child.props.key;
        let found = key === undefined ? undefined : keyed.get(key);
        if (key === undefined) {
            const at = loose.findIndex((node, index) => index >= next && isLike(node, child));
            if (at >= 0) {
                found = loose[at];
                next = at + 1;
            }
        }
        if (found && isLike(found, child)) {
            update(found, child);
            keyed.delete(key);
            return found;
        }
        return create(child, parent);
    });

    // What is no longer wanted is removed first, so that the rest need not be moved.
    const kept = new Set(nodes);
    for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
    let at = parent.firstChild;
    for (const node of nodes) {
        if (node === at) at = at.nextSibling;
        else parent.insertBefore(node, at);
    }
}

/** @param {Child[]} children @returns {(Description | string)[]} */
function flat(children) {
    /** @type {(Description | string)[]} */
    const all = [];
    for (const child of children) {
        if (child === null || child === undefined || typeof child === "boolean" || child === "") continue;
        if (Array.isArray(child)) all.push(...flat(child));
        else if (typeof child === "object") all.push(child);
        else all.push(visible(String(child)));
    }
    return all;
}

/** @param {Node} node @param {Description | string} child */
const isLike = (node, child) => (typeof child === "string" ? node.nodeType === Node.TEXT_NODE : madeFrom.get(node)?.tag === child.tag);

/** @param {Description | string} child @param {Element} parent @returns {ChildNode} */
function create(child, parent) {
    if (typeof child === "string") return document.createTextNode(child);
    const isDrawing = child.tag === "svg" || (parent.namespaceURI === svgSpace && parent.tagName !== "foreignObject");
    const element = isDrawing ? document.createElementNS(svgSpace, child.tag) : document.createElement(child.tag);
    madeFrom.set(element, child);
    for (const [name, value] of Object.entries(child.props)) setProp(element, name, value, undefined);
    patchChildren(element, child.children);
    // A list has its options only now.
    if (element instanceof HTMLSelectElement && child.props.value !== undefined) element.value = child.props.value;
    child.props.made?.(element);
    return element;
}

/** @param {ChildNode} node @param {Description | string} child */
function update(node, child) {
    if (typeof child === "string") {
        if (node.nodeValue !== child) node.nodeValue = child;
        return;
    }
    const element = /** @type {HTMLElement | SVGElement} */ (node);
    const before = /** @type {Description} */ (madeFrom.get(element)).props;
    madeFrom.set(element, child);
    for (const name of Object.keys(before)) if (!(name in child.props)) setProp(element, name, undefined, before[name]);
    for (const [name, value] of Object.entries(child.props)) setProp(element, name, value, before[name]);
    patchChildren(element, child.children);
    // The options may have changed.
    if (element instanceof HTMLSelectElement && child.props.value !== undefined) element.value = child.props.value;
}

/** @param {HTMLElement | SVGElement} element @param {string} name @param {any} value @param {any} before */
function setProp(element, name, value, before) {
    if (name === "key" || name === "made") return;
    if (name.startsWith("on")) {
        // The listener looks up the present function, which changes with each description.
        if (!before && value) element.addEventListener(name.slice(2), event => madeFrom.get(element)?.props[name]?.(event));
        return;
    }
    if (name === "css") {
        for (const key of Object.keys(before ?? {})) if (!(key in (value ?? {}))) element.style.removeProperty(key);
        for (const [key, style] of Object.entries(value ?? {})) element.style.setProperty(key, style);
        return;
    }
    if (value === before) return;
    if (name === "value" || name === "checked" || name === "indeterminate") {
        /** @type {any} */ (element)[name] = value ?? "";
        return;
    }
    const text = name === "href" && !safeAddress(value, document.baseURI) ? null : value;
    if (text === null || text === undefined || text === false) element.removeAttribute(name);
    else element.setAttribute(name, text === true ? "" : name === "href" ? text : visible(String(text)));
}
