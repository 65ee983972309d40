// What the page knows, how it asks the server, and the stream of what happens.

export const state = {
  plant: { name: "", zone: "Asia/Shanghai", bot: "班长" },
  people: new Map(), rooms: new Map(), labels: [], guide: [], house: null,
  me: null, room: null, posts: new Map(), more: new Map(), read: {}, base: {}, live: false,
};

const listeners = new Map();
export const on = (event, call) => listeners.set(event, [...(listeners.get(event) || []), call]);
const emit = (event, data) => (listeners.get(event) || []).forEach((call) => call(data));

// Ids are numbers too large for a Number, as texts; newer ones are greater.
export const newer = (one, other) => one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);

async function ask(path, given) {
  const answer = await fetch(path, given);
  if (!answer.ok) throw new Error((await answer.text()) || String(answer.status));
  return answer.json();
}

export function post(path, body) {
  const form = body instanceof FormData;
  const headers = { "X-Banzhang-Page": "1", ...(form ? {} : { "Content-Type": "application/json" }) };
  return ask(path, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
}

export async function load() {
  const world = await ask("/api/world");
  state.plant = world.plant;
  state.labels = world.labels;
  state.guide = world.guide;
  state.people = new Map(world.people.map((it) => [it.id, it]));
  state.rooms = new Map(world.rooms.map((it) => [it.id, it]));
  state.more.clear();
  setHouse(world.house);
  remember();
  emit("world");
  if (state.room) await open(state.room, { again: true });
}

export function setHouse(house) {
  state.house = { ...house, at: performance.now() };
  emit("house");
}

// The plant's time now: what the server said last, and what has gone by since.
export const now = () => new Date(Date.parse(state.house.now) + performance.now() - state.house.at);

export async function open(roomId, { again = false } = {}) {
  const got = await ask(`/api/posts?room=${encodeURIComponent(roomId)}`);
  const known = again ? state.posts.get(roomId) || [] : [];
  state.posts.set(roomId, merged(known, got.posts));
  state.more.set(roomId, got.more && !known.length);
  emit("posts", roomId);
}

export async function openEarlier(roomId) {
  const first = state.posts.get(roomId)?.[0];
  if (!first) return;
  const got = await ask(`/api/posts?room=${encodeURIComponent(roomId)}&before=${first.id}`);
  state.posts.set(roomId, merged(state.posts.get(roomId), got.posts));
  state.more.set(roomId, got.more);
  emit("posts", roomId);
}

function merged(...lists) {
  const found = new Map();
  for (const it of lists.flat()) {
    if (!found.has(it.id) || found.get(it.id).version <= it.version) found.set(it.id, it);
  }
  return [...found.values()].sort((one, other) => newer(one.id, other.id));
}

export const roomsOf = (personId) => [...state.rooms.values()].filter((it) => it.members.includes(personId));

// What has been read, by person and room, as counts; kept in this browser.
const KEPT = "banzhang-read";

function remember() {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEPT)) || {}; } catch { /* a damaged note is no note */ }
  state.read = kept.read || {};
  state.base = kept.base || {};
  for (const room of state.rooms.values()) {
    if (!(room.id in state.base) || state.base[room.id] > room.count) state.base[room.id] = room.count;
  }
  localStorage.setItem(KEPT, JSON.stringify({ read: state.read, base: state.base }));
}

export function markRead(roomId) {
  const room = state.rooms.get(roomId);
  if (!room || !state.me) return;
  (state.read[state.me] ||= {})[roomId] = room.count;
  localStorage.setItem(KEPT, JSON.stringify({ read: state.read, base: state.base }));
}

export function unread(personId, roomId) {
  const read = state.read[personId]?.[roomId] ?? state.base[roomId] ?? 0;
  return Math.max(0, (state.rooms.get(roomId)?.count ?? 0) - read);
}

export const unreadOf = (personId) => roomsOf(personId).reduce((sum, it) => sum + unread(personId, it.id), 0);

function heard(kind, it) {
  const room = state.rooms.get(it.room_id);
  if (room && kind === "post" && (!room.last || newer(it.id, room.last.id) > 0)) {
    room.count += 1;
    room.last = it;
    for (const person of room.members) {
      if (person === it.author) (state.read[person] ||= {})[room.id] = room.count;
    }
  } else if (room && room.last?.id === it.id) {
    room.last = it;
  }
  const known = state.posts.get(it.room_id);
  if (known) state.posts.set(it.room_id, merged(known, [it]));
  emit("post", { post: it, fresh: kind === "post" });
}

export function listen() {
  const source = new EventSource("/api/events");
  const hear = (name, call) => source.addEventListener(name, (event) => call(JSON.parse(event.data)));
  source.addEventListener("error", () => { state.live = false; emit("live"); });
  hear("hello", async () => { await load(); state.live = true; emit("live"); });
  hear("post", (it) => heard("post", it));
  hear("update", (it) => heard("update", it));
  hear("house", setHouse);
  hear("room", (it) => { state.rooms.set(it.id, it); emit("world"); });
  hear("resident", (it) => { state.people.set(it.id, it); emit("world"); });
  hear("notice", (it) => {
    const here = it.room === state.room && (!it.resident || it.resident === state.me);
    if (here && it.text) emit("notice", it.text);
  });
}
