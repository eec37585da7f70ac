// A list of the service that is read page by page, the newest first.
import { get } from "./api.js";
import { redraw } from "./store.js";

/** A page may be empty although there are more. After this many empty pages in a row, only the button loads the next one. */
const maxEmptyPages = 20;

/**
 * @template Row
 * @param {{ path: string, list: string, parameters: () => import("./api.js").Parameters, first: number, size: number,
 *   onRead?: () => void }} options list: the member of a response that has the rows; first: the size of the first page; onRead: called
 *   when the first page was read.
 */
export function paged({ path, list, parameters, first, size, onRead }) {
    let reading = new AbortController();

    const pages = {
        /** @type {Row[]} */
        rows: [],
        /** Where the next page begins; undefined: there is none. @type {number | undefined} */
        next: undefined,
        /** @type {unknown} */
        error: null,
        isReading: false,
        isLoaded: false,

        /** Reads the list from its beginning. */
        read: () => {
            reading.abort();
            reading = new AbortController();
            return run(async signal => {
                const page = await get(path, { ...parameters(), limit: first }, signal);
                [pages.rows, pages.next, pages.isLoaded] = [page[list], page.next, true];
                onRead?.();
                if (pages.rows.length < first) await append(signal);
            });
        },

        more: () => run(append),

        /** For the end of what is shown. */
        nearEnd: () => {
            if (pages.isLoaded && pages.next !== undefined && !pages.isReading && pages.error === null) pages.more();
        },

        /** The newest rows as they are now, without changing the list. @returns {Promise<Row[]>} */
        newest: async () => (await get(path, { ...parameters(), limit: first }, reading.signal))[list],

        stop: () => reading.abort(),
    };

    /** @param {AbortSignal} signal */
    async function append(signal) {
        for (let tries = 0; pages.next !== undefined && tries < maxEmptyPages; tries++) {
            const page = await get(path, { ...parameters(), before: pages.next, limit: size }, signal);
            pages.rows = [...pages.rows, ...page[list]];
            pages.next = page.next;
            redraw();
            if (page[list].length > 0) break;
        }
    }

    /** @param {(signal: AbortSignal) => Promise<void>} work */
    async function run(work) {
        const { signal } = reading;
        pages.isReading = true;
        pages.error = null;
        redraw();
        try {
            await work(signal);
        } catch (failed) {
            if (signal.aborted) return;
            pages.error = failed;
        }
        pages.isReading = false;
        redraw();
    }

    return pages;
}
