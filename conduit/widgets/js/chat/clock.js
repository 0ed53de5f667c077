// When something was said, for people to read.

const SHORT = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const LONG = { dateStyle: "full", timeStyle: "medium" };

/** @param at seconds since 1970 */
export const shortTime = (at) => new Intl.DateTimeFormat(undefined, SHORT).format(at * 1000);
export const longTime = (at) => new Intl.DateTimeFormat(undefined, LONG).format(at * 1000);
