// Which addresses a text may lead to. Pure.

const LEADS = new Set(["http:", "https:", "mailto:"]);
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$/;
const MOST = 2000;

/** An address that may be followed, and where it leads in truth; null for all others. */
export function address(href) {
  let url;
  try {
    url = href.length <= MOST && new URL(href);
  } catch {
    return null;
  }
  if (!url || !LEADS.has(url.protocol)) return null;
  return { href: url.href, leads: url.protocol === "mailto:" ? `Mail to ${decoded(url.pathname)}` : url.host };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether an image carries its own bytes: nothing is fetched for it. */
export const isPicture = (href) => PICTURE.test(href);

const ENTITIES = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0", hellip: "…", mdash: "—", ndash: "–", times: "×", rarr: "→", larr: "←",
  deg: "°", middot: "·", bull: "•", copy: "©", sharp: "♯", flat: "♭", natural: "♮", frac12: "½", frac14: "¼", le: "≤", ge: "≥", ne: "≠",
};

/** Text with its entities as the characters they stand for. */
export const decodeEntities = (text) =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}[0-9]{0,2}));/g, (whole, tens, hex, name) => {
    if (name) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : whole;
    const code = tens ? Number(tens) : Number.parseInt(hex, 16);
    return code > 0 && code < 0x110000 && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : "\ufffd";
  });
