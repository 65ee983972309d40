// Elements without innerHTML: what people type only ever becomes text.

export const find = (id) => document.getElementById(id);

export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((it) => it !== null && it !== undefined && it !== false));
  return made;
}

export function toast(text, kind = "") {
  const line = el("div", { class: `toast ${kind}` }, text);
  find("toasts").append(line);
  setTimeout(() => line.remove(), 6000);
}

// An avatar: the last two characters of a name on a colour that is always the same for it.
export function avatar(name, { bot = false, size = "" } = {}) {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 997;
  const shown = bot ? "班" : [...name].slice(-2).join("");
  return el("span", { class: `avatar ${size}`, "aria-hidden": "true", data: { hue: bot ? "bot" : hash % 8 } }, shown);
}
