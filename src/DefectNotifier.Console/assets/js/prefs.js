// The choices of this browser: theme and time zone. They are kept where the browser allows it.

export const prefs = { theme: read("theme"), zone: read("zone") === "local" ? "local" : "utc" };

/** @param {string} name */
function read(name) {
    try {
        return localStorage.getItem("console." + name);
    } catch {
        return null;
    }
}

/** @param {string} name @param {string} value */
function write(name, value) {
    try {
        localStorage.setItem("console." + name, value);
    } catch {
        // It applies until the page is closed.
    }
}

export const isDark = () => prefs.theme === "dark" || (prefs.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

export function applyTheme() {
    document.documentElement.dataset.theme = isDark() ? "dark" : "light";
}

export function switchTheme() {
    prefs.theme = isDark() ? "light" : "dark";
    write("theme", prefs.theme);
    applyTheme();
}

export function switchZone() {
    prefs.zone = prefs.zone === "utc" ? "local" : "utc";
    write("zone", prefs.zone);
}
