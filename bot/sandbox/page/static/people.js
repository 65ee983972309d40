// Who am I: the chooser, my line at the left, and my chats on both platforms.
import { avatar, el, find } from "./dom.js";
import { PLATFORMS, enter, leave, title } from "./flow.js";
import { words } from "./markdown.js";
import { clockOf, summary } from "./post.js";
import { newer, on, roomsOf, state, unread, unreadOf } from "./store.js";

const KEPT = "banzhang-me";
const MOST_OTHERS = 8;

export async function become(personId, roomId) {
  state.me = personId;
  localStorage.setItem(KEPT, personId);
  find("chooser").hidden = true;
  drawMe();
  document.dispatchEvent(new CustomEvent("became"));
  if (roomId) await enter(roomId);
  else if (matchMedia("(min-width: 760px)").matches) await enter(mainRoom(personId));
  else leave();
  drawRooms();
}

const mainRoom = (personId) =>
  [...roomsOf(personId)].sort((one, other) => (one.kind === other.kind ? unread(personId, other.id) - unread(personId, one.id) : one.kind === "group" ? -1 : 1))[0]?.id;

export function choose() {
  drawPeople();
  find("chooser").hidden = false;
  find("chooser").scrollTop = 0;
}

function drawPeople() {
  find("plant-name").textContent = state.plant.name;
  const groups = Map.groupBy ? Map.groupBy(state.people.values(), (it) => it.department) : grouped();
  find("people").replaceChildren(
    ...[...groups].map(([department, people]) =>
      el("section", {}, el("h2", {}, department === state.plant.name ? "厂部" : department), people.map(personButton))),
  );
}

function grouped() {
  const groups = new Map();
  for (const it of state.people.values()) groups.set(it.department, [...(groups.get(it.department) || []), it]);
  return groups;
}

function personButton(person) {
  const count = unreadOf(person.id);
  return el(
    "button", { type: "button", class: "person", data: { person: person.id }, "aria-current": person.id === state.me, onclick: () => become(person.id) },
    avatar(person.name),
    el("span", { class: "person-text" }, el("b", {}, person.name), el("small", {}, person.title)),
    el("span", { class: "marks" }, ["dingtalk", "wecom"].filter((it) => person[it]).map(platformMark)),
    count > 0 && el("span", { class: "count" }, String(count)),
  );
}

const platformMark = (platform) => el("i", { class: "badge", data: { platform } }, PLATFORMS[platform]);

function drawMe() {
  const person = state.people.get(state.me);
  if (!person) return;
  find("me").replaceChildren(
    avatar(person.name, { size: "large" }),
    el("span", { class: "person-text" }, el("b", {}, person.name), el("small", {}, `${person.department} · ${person.title}`)),
    el("span", { class: "swap" }, "换人"),
  );
}

export function drawRooms() {
  if (!state.me) return;
  const rooms = roomsOf(state.me);
  const parts = ["dingtalk", "wecom"].map((platform) => [platform, rooms.filter((it) => it.platform === platform)]);
  find("rooms").replaceChildren(
    ...parts.filter(([, listed]) => listed.length).map(([platform, listed]) =>
      el("section", { data: { platform } }, el("h2", {}, PLATFORMS[platform]), sorted(listed).map(roomButton))),
    othersWaiting(),
  );
}

const sorted = (rooms) => rooms.sort((one, other) =>
  one.kind !== other.kind ? (one.kind === "group" ? -1 : 1) : newer(other.last?.id || "", one.last?.id || ""));

function roomButton(room) {
  const count = room.id === state.room && !document.hidden ? 0 : unread(state.me, room.id);
  const rung = count > 0 && room.last?.mentions.includes(state.me);
  return el(
    "button", { type: "button", class: "room", data: { room: room.id, platform: room.platform }, "aria-current": room.id === state.room, onclick: () => enter(room.id) },
    el("span", { class: "room-icon", data: { kind: room.kind }, "aria-hidden": "true" }, room.kind === "group" ? [...room.title][0] : "班"),
    el("span", { class: "room-text" },
      el("span", { class: "room-title" }, el("b", {}, title(room)), room.last && el("time", {}, clockOf(room.last.at))),
      el("small", {}, rung && el("em", {}, "[有人@我] "), words(summary(room.last)), room.last ? "" : "还没有消息")),
    count > 0 && el("span", { class: "count" }, String(count)),
  );
}

// Whether the newest unread word somewhere rings for this person.
const rungOf = (personId) =>
  roomsOf(personId).some((it) => unread(personId, it.id) > 0 && it.last?.mentions.includes(personId)) ? 1 : 0;

// People with something new to read: the newcomer sees where the story goes on.
function othersWaiting() {
  const waiting = [...state.people.values()].filter((it) => it.id !== state.me && unreadOf(it.id) > 0)
    .sort((one, other) => rungOf(other.id) - rungOf(one.id)).slice(0, MOST_OTHERS);
  if (!waiting.length) return "";
  return el("section", { class: "others" }, el("h2", {}, "别人有新消息"),
    el("div", {}, waiting.map((it) => el("button", { type: "button", class: rungOf(it.id) ? "other rung" : "other", data: { person: it.id }, title: `${it.department} ${it.title}`, onclick: () => become(it.id) },
      avatar(it.name, { size: "small" }), it.name, el("span", { class: "count" }, String(unreadOf(it.id)))))));
}

export function lastMe() {
  const kept = localStorage.getItem(KEPT);
  return state.people.has(kept) ? kept : null;
}

find("me").addEventListener("click", choose);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.me) find("chooser").hidden = true;
});
find("chooser").addEventListener("click", (event) => {
  if (event.target === find("chooser") && state.me) find("chooser").hidden = true;
});
for (const event of ["read", "left", "entered"]) document.addEventListener(event, drawRooms);
const redraw = () => { drawRooms(); if (!find("chooser").hidden) drawPeople(); };
on("world", () => { drawMe(); redraw(); });
on("post", redraw);
