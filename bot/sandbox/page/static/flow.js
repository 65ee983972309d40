// The conversation in the middle: its head, its posts, and the place to which it has been read.
import { el, find } from "./dom.js";
import { dayOf, row } from "./post.js";
import { markRead, on, open, openEarlier, post as send, state } from "./store.js";

export const PLATFORMS = { dingtalk: "钉钉", wecom: "企业微信" };
const flow = find("flow");
const NEAR = 120;
let atEnd = true;  // whether the reader is at the newest post, and wants to stay there

export async function enter(roomId) {
  state.room = roomId;
  document.body.dataset.view = "talk";
  document.body.dataset.platform = state.rooms.get(roomId)?.platform || "";
  flow.replaceChildren();
  flow.setAttribute("aria-busy", "true");
  head();
  await open(roomId);
  if (state.room === roomId) flow.setAttribute("aria-busy", "false");
  send("/api/enter", { resident: state.me, room: roomId }).catch(() => {});
  document.dispatchEvent(new CustomEvent("entered"));
}

export function leave() {
  state.room = null;
  document.body.dataset.view = "rooms";
  find("composer").hidden = true;
  flow.replaceChildren(el("p", { class: "empty" }, "选一个聊天开始。 Pick a chat."));
  find("talk-head").replaceChildren();
}

function head() {
  const room = state.rooms.get(state.room);
  if (!room) return;
  const back = () => { leave(); document.dispatchEvent(new CustomEvent("left")); };
  const size = room.kind === "group" ? `${room.members.length} 人 + 班长` : "单聊";
  find("talk-head").replaceChildren(
    el("button", { class: "back", type: "button", onclick: back, "aria-label": "返回" }, "‹"),
    el("div", { class: "talk-title" },
      el("b", {}, title(room)),
      el("span", {}, el("i", { class: "badge", data: { platform: room.platform } }, PLATFORMS[room.platform]), size)),
    el("button", { class: "house-chip", type: "button", id: "house-chip", onclick: () => document.body.classList.toggle("house-open") }),
  );
  document.dispatchEvent(new CustomEvent("head"));
}

export const title = (room) => (room.kind === "group" || room.door ? room.title : state.plant.bot);

function draw(roomId) {
  if (roomId !== state.room) return;
  const posts = state.posts.get(roomId) || [];
  const before = flow.scrollHeight - flow.scrollTop;
  const fresh = !flow.querySelector(".row");
  flow.replaceChildren();
  if (state.more.get(roomId)) flow.append(el("button", { class: "earlier", type: "button", onclick: () => openEarlier(roomId) }, "更早的消息"));
  if (!posts.length) flow.append(el("p", { class: "empty" }, "还没有人说话。点下面的一句话试试。"));
  posts.forEach((post, at) => flow.append(...dated(post, posts[at - 1])));
  flow.scrollTop = fresh ? flow.scrollHeight : flow.scrollHeight - before;
  if (fresh) atEnd = true;
  seen();
}

function dated(post, previous) {
  const day = dayOf(post.at);
  const made = previous && dayOf(previous.at) === day ? [] : [el("p", { class: "day" }, day)];
  return [...made, row(post)];
}

function put({ post, fresh }) {
  if (post.room_id !== state.room) return;
  atEnd ||= post.author === state.me;
  const shown = flow.querySelector(`.row[data-id="${CSS.escape(post.id)}"]`);
  if (shown) {
    const renewed = row(post);
    renewed.classList.add("renewed");
    shown.replaceWith(renewed);
  } else if (fresh) {
    const posts = state.posts.get(post.room_id) || [];
    flow.querySelector(".empty")?.remove();
    flow.append(...dated(post, posts[posts.findIndex((it) => it.id === post.id) - 1]));
  }
  stay();
  seen();
}

function seen() {
  if (state.room && !document.hidden) markRead(state.room);
  document.dispatchEvent(new CustomEvent("read"));
}

document.addEventListener("visibilitychange", seen);
function stay() {
  if (atEnd) flow.scrollTop = flow.scrollHeight;
}

flow.addEventListener("scroll", () => { atEnd = flow.scrollHeight - flow.scrollTop - flow.clientHeight < NEAR; });
flow.addEventListener("load", stay, true);  // a picture that has come makes the flow longer
new ResizeObserver(stay).observe(flow);  // the keyboard, a quote or a picture makes it lower
on("posts", draw);
on("post", put);
on("world", head);
