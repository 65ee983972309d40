// The Markdown that DingTalk and WeCom both show, as elements: nothing a person typed becomes HTML.
import { el } from "./dom.js";
import { state } from "./store.js";

const INLINE = /\\([\\`*_{}[\]()#+\-.!|<>~&@])|`([^`\n]+)`|!\[([^\]\n]*)\]\(([^)\s]+)\)|\[([^\]\n]+)\]\(([^)\s]+)\)|\*\*([^*\n]+(?:\*[^*\n]+)*)\*\*|\*(?!\s)([^*\n]+)\*|~~([^~\n]+)~~|<font color=["']?(info|comment|warning|#?\w+)["']?>([^<\n]*)<\/font>|<@?(\w+)>/g;
const TONES = { "✅": "good", "⚠️": "warn", "⚠": "warn", "🚨": "bad", "❗": "bad" };
const TONE = /(✅|⚠️|⚠|🚨|❗)\s?/u;

export function markdown(text, { hard = true } = {}) {
  const box = el("div", { class: "md" });
  const lines = text.replaceAll("\r", "").split("\n");
  let at = 0;
  while (at < lines.length) at = block(lines, at, { box, hard });
  return box;
}

function block(lines, at, { box, hard }) {
  const line = lines[at].replace(/^ {1,3}(?=\S)/, "");
  let found;
  if (!line.trim()) return at + 1;
  if ((found = /^(#{1,6})\s+(.*?)\s*$/.exec(line))) {
    box.append(el(found[1].length < 3 ? "h3" : "h4", {}, inline(found[2])));
    return at + 1;
  }
  if (/^(-{3,}|\*{3,}|_{3,})\s*$/.test(line)) { box.append(el("hr")); return at + 1; }
  if (/^\|.*\|\s*$/.test(line) && /^\|[\s:|-]+\|\s*$/.test(lines[at + 1] || "")) return table(lines, at, box);
  if (/^>\s?/.test(line)) return gathered(lines, at, { box, hard, mark: /^\s{0,3}>\s?/, tag: "blockquote" });
  if (/^[-*+]\s+/.test(line)) return list(lines, at, { box, mark: /^\s*[-*+]\s+/, tag: "ul" });
  if (/^\d+[.)]\s+/.test(line)) return list(lines, at, { box, mark: /^\s*\d+[.)]\s+/, tag: "ol" });
  return paragraph(lines, at, { box, hard });
}

function paragraph(lines, at, { box, hard }) {
  const made = el("p");
  const begins = /^\s{0,3}(#{1,6}\s|>\s?|[-*+]\s+|\d+[.)]\s+|-{3,}\s*$)/;
  let from = at;
  for (; at < lines.length && lines[at].trim() && (at === from || !begins.test(lines[at])); at += 1) {
    if (at > from) made.append(hard || /\s{2,}$/.test(lines[at - 1]) ? el("br") : " ");
    made.append(...inline(lines[at].trim()));
  }
  box.append(made);
  return at;
}

function gathered(lines, at, { box, hard, mark, tag }) {
  const inner = [];
  for (; at < lines.length && mark.test(lines[at]); at += 1) inner.push(lines[at].replace(mark, ""));
  const made = el(tag);
  inner.forEach((line, number) => {
    if (number) made.append(hard || /\s{2,}$/.test(inner[number - 1]) ? el("br") : " ");
    made.append(...inline(line.trim()));
  });
  box.append(made);
  return at;
}

function list(lines, at, { box, mark, tag }) {
  const start = tag === "ol" ? Number(/\d+/.exec(lines[at])[0]) : undefined;
  const made = el(tag, { start });
  for (; at < lines.length && mark.test(lines[at]); at += 1) {
    made.append(el("li", {}, inline(lines[at].replace(mark, "").trim())));
  }
  box.append(made);
  return at;
}

function table(lines, at, box) {
  const cells = (line) => line.trim().slice(1, -1).split(/(?<!\\)\|/).map((it) => it.trim());
  const made = el("table", {}, el("tr", {}, cells(lines[at]).map((it) => el("th", {}, inline(it)))));
  for (at += 2; at < lines.length && /^\|.*\|\s*$/.test(lines[at]); at += 1) {
    made.append(el("tr", {}, cells(lines[at]).map((it) => el("td", {}, inline(it)))));
  }
  box.append(el("div", { class: "scroll" }, made));
  return at;
}

export function inline(text) {
  const made = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > from) made.push(...words(text.slice(from, found.index)));
    made.push(...mark(found));
    from = found.index + found[0].length;
  }
  if (from < text.length) made.push(...words(text.slice(from)));
  return made;
}

function mark(found) {
  const [all, escaped, code, alt, source, label, address, strong, soft, struck, colour, coloured, tag] = found;
  if (escaped !== undefined) return [escaped];
  if (code !== undefined) return [el("code", {}, code)];
  if (source !== undefined) return [picture(source, alt)];
  if (address !== undefined) return [link(address, inline(label))];
  if (strong !== undefined) return [el("strong", {}, inline(strong))];
  if (soft !== undefined) return [el("em", {}, inline(soft))];
  if (struck !== undefined) return [el("s", {}, inline(struck))];
  if (coloured !== undefined) return [el("span", { data: { colour } }, inline(coloured))];
  return [tag ? mention(tag) ?? all : all];
}

export function link(address, label) {
  if (!/^https?:\/\//i.test(address)) return el("span", {}, label);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

// Only pictures that the sandbox keeps are shown; any other address is a link.
export function picture(source, alt = "") {
  const kept = /^media:([0-9a-f]{64})$/.exec(source);
  if (!kept) return link(source, [alt || source]);
  return el("img", { class: "shot", src: `/media/${kept[1]}`, alt: alt || "图片", loading: "lazy" });
}

function mention(userId) {
  const person = state.people.get(userId);
  return person ? chip(person.name, person.id === state.me) : null;
}

const chip = (name, me) => el("span", { class: me ? "at me" : "at" }, `@${name}`);

// Plain words: signs of tone become icons, @names of people stand out.
export function words(text) {
  const names = [...state.people.values()].map((it) => it.name).concat(state.plant.bot, "所有人");
  const escaped = names.map((it) => it.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length);
  const cut = new RegExp(`@(${escaped.join("|")})|${TONE.source}`, "gu");
  const made = [];
  let from = 0;
  for (const found of text.matchAll(cut)) {
    if (found.index > from) made.push(text.slice(from, found.index));
    made.push(found[1] ? chip(found[1], state.people.get(state.me)?.name === found[1]) : tone(found[2]));
    from = found.index + found[0].length;
  }
  if (from < text.length) made.push(text.slice(from));
  return made;
}

const tone = (sign) => el("i", { class: `tone ${TONES[sign]}`, role: "img", "aria-label": sign });
export const toneOf = (text) => TONES[TONE.exec(text)?.[1]] || "";

export function plainText(text) {
  const lines = text.split("\n");
  return lines.flatMap((line, at) => (at ? [el("br"), ...words(line)] : words(line)));
}
