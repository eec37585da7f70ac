// Requests to the operations API.
import { redraw, store } from "./store.js";

/** A request that failed; its message says why and what to do. */
export class ApiError extends Error {
    /** @param {number} status @param {string} code @param {string} detail @param {string} [field] */
    constructor(status, code, detail, field) {
        super(detail);
        /** 0: no response. */
        this.status = status;
        this.code = code;
        this.field = field;
    }
}

/** @typedef {Record<string, string | number | undefined>} Parameters */

/** JSON without its null members: a value that is missing is undefined. A list keeps its nulls. @param {string} json @returns {any} */
export const parse = json =>
    JSON.parse(json, function (_, value) {
        return value === null && !Array.isArray(this) ? undefined : value;
    });

/** @param {string} path @param {Parameters} [parameters] @param {AbortSignal} [signal] @returns {Promise<any>} */
export const get = async (path, parameters, signal) => parse(await send("GET", path + query(parameters), undefined, signal));

/** With null members. @param {string} path @returns {Promise<any>} */
export const getExact = async path => JSON.parse(await send("GET", path));

/** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
export const post = async (path, body) => parse(await send("POST", path, body));

/** @param {string} path */
export const remove = path => send("DELETE", path);

/** @param {Parameters} [parameters] */
export function query(parameters) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters ?? {})) if (value !== undefined && value !== "") search.set(name, String(value));
    return search.size ? "?" + search : "";
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {AbortSignal} [signal] @returns {Promise<string>} */
async function send(method, path, body, signal) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    // A page of another origin can't send this header without being asked first.
    if (method !== "GET") headers["X-Console"] = "1";
    if (body !== undefined) headers["Content-Type"] = "application/json";
    /** @type {Response} */
    let response;
    try {
        response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    } catch (error) {
        if (signal?.aborted) throw error;
        connectionLost();
        throw new ApiError(0, "no-connection", "The service cannot be reached. Check the connection and try again.");
    }
    connectionWorks();
    if (response.ok) return response.text();
    const problem = await response.json().catch(() => ({}));
    const code =
        String(problem.type ?? "")
            .split(":")
            .at(-1) ?? "";
    if (response.status === 401 && path !== "/console/session") {
        store.session = { may: [], isLoginNeeded: true, warning: store.session?.warning };
        redraw();
    }
    throw new ApiError(response.status, code, problem.detail ?? `The service responded with HTTP ${response.status}.`, problem.field);
}

export function connectionLost() {
    if (store.lostAt !== null) return;
    store.lostAt = Date.now();
    redraw();
}

export function connectionWorks() {
    if (store.lostAt === null) return;
    store.lostAt = null;
    redraw();
}
