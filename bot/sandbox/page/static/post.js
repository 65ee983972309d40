// One post as a row: avatar, name, time, and a bubble with what was said.
import { avatar, el, find, toast } from "./dom.js";
import { inline, link, markdown, picture, plainText, toneOf, words } from "./markdown.js";
import { post as send, state } from "./store.js";

export const clockOf = (at) => formatted(at, { hour: "2-digit", minute: "2-digit", hour12: false });
export const dayOf = (at) => formatted(at, { month: "long", day: "numeric", weekday: "short" });

function formatted(at, options) {
  return new Intl.DateTimeFormat("zh-CN", { timeZone: state.plant.zone, ...options }).format(new Date(at));
}

export const nameOf = (author) =>
  author === "bot" ? state.plant.bot : state.people.get(author)?.name || author;

export function row(post) {
  const mine = post.author === state.me;
  const bot = post.author === "bot";
  const name = nameOf(post.author);
  return el(
    "article",
    { class: mine ? "row mine" : "row", data: { id: post.id, version: post.version, author: post.author } },
    avatar(name, { bot }),
    el(
      "div", { class: "said" },
      el("div", { class: "who" }, el("b", {}, name), el("time", { datetime: post.at }, clockOf(post.at)), tools(post)),
      post.quoted && el("div", { class: "quote" }, `${post.quoted.author}：${post.quoted.text}`),
      bubble(post),
    ),
  );
}

function tools(post) {
  const quote = () => document.dispatchEvent(new CustomEvent("quote", { detail: post }));
  return el("button", { class: "quote-it", type: "button", title: "引用 / quote", onclick: quote }, "引用");
}

function bubble(post) {
  const body = post.body.personal?.[state.me] || post.body;
  const makers = { text: textOf, markdown: markdownOf, card: cardOf, image: imageOf, file: fileOf, audio: audioOf };
  return (makers[post.kind] || textOf)(post, body);
}

function textOf(post, body) {
  const names = post.mentions.map((it) => (it === "bot" ? state.plant.bot : nameOf(it)));
  const said = post.author === "bot" ? "" : names.map((it) => `@${it} `).join("");
  return el(
    "div", { class: "bubble" },
    el("div", { class: "text" }, plainText(said + (body.text || ""))),
    (body.images || []).map((it) => picture(`media:${it}`)),
    body.ding && el("div", { class: "ding" }, `DING · ${body.ding}`),
  );
}

function markdownOf(post, body) {
  const hard = platformOf(post) === "wecom";
  return el("div", { class: "bubble", data: { tone: toneOf(body.text || "") } },
    markdown(body.text || "", { hard }), body.streaming && el("span", { class: "typing" }, "…"));
}

const platformOf = (post) => state.rooms.get(post.room_id)?.platform;

function cardOf(post, body) {
  const wire = body.card;
  return el(
    "section", { class: "bubble card", data: { tone: toneOf(body.title || "") } },
    el("h3", {}, words(body.title || "")),
    wire ? template(wire) : markdown(body.text || "", { hard: false }),
    body.note && el("p", { class: "note" }, body.note),
    body.buttons?.length > 0 && el("div", { class: "buttons" }, body.buttons.map((it) => button(post, it))),
  );
}

// A WeCom template card keeps its fields; nothing in it is Markdown.
function template(card) {
  const rows = card.horizontal_content_list || [];
  const emphasis = card.emphasis_content || {};
  return el(
    "div", { class: "template" },
    card.main_title?.desc && el("p", { class: "note" }, card.main_title.desc),
    (emphasis.title || emphasis.desc) && el("p", { class: "emphasis" }, emphasis.title || "", " ", emphasis.desc || ""),
    card.sub_title_text && el("p", {}, plainText(card.sub_title_text)),
    rows.length > 0 && el("dl", {}, rows.flatMap((it) => [el("dt", {}, it.keyname || ""), el("dd", {}, words(it.value || ""))])),
  );
}

function button(post, it) {
  if (it.url) return link(it.url, [it.text]);
  const press = async (event) => {
    const pressed = event.currentTarget;
    pressed.classList.add("busy");
    setTimeout(() => pressed.classList.remove("busy"), 4000);
    try {
      await send("/api/press", { resident: state.me, room: post.room_id, post: post.id, key: it.key });
    } catch (error) { toast(error.message, "bad"); }
  };
  const done = it.disabled || it.key === "noop";
  return el("button", { type: "button", class: it.style || "plain", disabled: done, onclick: press }, it.text);
}

function imageOf(_post, body) {
  const shown = body.media ? picture(`media:${body.media}`) : picture(body.url || "");
  return el("div", { class: "bubble bare" }, shown);
}

function fileOf(_post, body) {
  const href = /^[0-9a-f]{64}$/.test(body.media) ? `/media/${body.media}` : undefined;
  return el("a", { class: "bubble file", href, download: body.name || "file" },
    el("span", { class: "sheet", "aria-hidden": "true" }, (body.name || "").split(".").pop().slice(0, 4)), body.name || "文件");
}

function audioOf(_post, body) {
  return el("div", { class: "bubble" }, `语音 ${body.seconds || 0}″`, body.text && el("p", {}, inline(body.text)));
}

export function summary(post) {
  if (!post) return "";
  const kinds = { image: "[图片]", file: "[文件]", audio: "[语音]" };
  const text = kinds[post.kind] || post.body.title || post.body.text || (post.body.images?.length ? "[图片]" : "");
  const plain = text.replace(/[*_`#>\\]|\[(?=[^\]]*\]\()|\]\([^)]*\)/g, "").replace(/\s+/g, " ").trim();
  return state.rooms.get(post.room_id)?.kind === "group" ? `${nameOf(post.author)}：${plain}` : plain;
}

document.addEventListener("click", (event) => {
  if (!event.target.matches?.("img.shot")) return;
  const viewer = find("viewer");
  viewer.querySelector("img").src = event.target.src;
  viewer.showModal();
});
find("viewer").addEventListener("click", () => find("viewer").close());
