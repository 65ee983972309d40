// The right side: the clock that can be moved, the bot's plug, and what to try next.
import { el, find, toast } from "./dom.js";
import { fill } from "./composer.js";
import { become } from "./people.js";
import { PLATFORMS } from "./flow.js";
import { clockOf, dayOf } from "./post.js";
import { now, on, post as send, setHouse, state } from "./store.js";

const WORDS = { off: "没电了", starting: "正在开机…", ready: "在线，听着呢", degraded: "开着，还没连上平台" };
const LINKS = { ready: "已连接", connecting: "正在连接", standby: "正在接手", off: "没有配置" };
const KEPT = "banzhang-tried";
const tried = new Set(JSON.parse(localStorage.getItem(KEPT) || "[]"));
let moving = false;

function drawClock() {
  if (!state.house) return;
  const at = now();
  find("time").textContent = clockOf(at);
  find("date").textContent = dayOf(at);
  const lamp = () => el("i", { class: "lamp", data: { state: state.live ? state.house.bot.name : "off" } });
  find("house-bar").replaceChildren(lamp(), el("b", {}, clockOf(at)), el("span", {}, "时钟 · 电源 · 接下来试试 ›"));
  find("house-chip")?.replaceChildren(lamp(), clockOf(at));
}

function drawBot() {
  const bot = state.house.bot;
  const back = bot.back_in === null ? "" : `，${bot.back_in} 秒后自己开机`;
  find("lamp").dataset.state = state.live ? bot.name : "off";
  find("bot-words").textContent = state.live ? WORDS[bot.name] + back : "和演示的连接断了，正在重连…";
  find("links").replaceChildren(...Object.entries(bot.platforms).map(([name, how]) =>
    el("span", { class: "link", data: { state: how } }, `${PLATFORMS[name] || name} ${LINKS[how] || "未连接"}`)));
  const off = bot.name === "off";
  find("power").textContent = off ? "重新开机" : "拔电源 (kill -9)";
  find("power").dataset.on = String(!off);
  find("power").disabled = !state.live;
  drawOffline(bot);
}

function drawOffline(bot) {
  const platform = state.rooms.get(state.room)?.platform;
  const away = state.live && ["off", "starting"].includes(bot.name);
  find("offline").hidden = state.live && !(away && platform);
  find("offline").textContent = !state.live ? "连接断了，正在重连…"
    : platform === "dingtalk" ? "班长没电了。现在说的话，钉钉会等它开机后补送给它。"
    : "班长没电了。企业微信不补送：它不在时说的话，要等它回来再说一遍。";
}

async function move(given) {
  if (moving) return;
  moving = true;
  find("moves").classList.add("busy");
  try { setHouse(await send("/api/clock", given)); }
  catch (error) { toast(error.message, "bad"); }
  moving = false;
  find("moves").classList.remove("busy");
}

const power = (wanted) => send("/api/power", { on: wanted }).catch((error) => toast(error.message, "bad"));

function drawGuide() {
  find("guide").replaceChildren(...state.guide.map((step, at) => {
    const done = step.acts.every((act, number) => tried.has(`${at}.${number}`));
    return el("li", { class: done ? "done" : "" },
      el("b", {}, step.title), el("small", {}, step.english), el("p", {}, step.why),
      el("div", { class: "acts" }, step.acts.map((act, number) => actButton(act, `${at}.${number}`))));
  }));
}

function actButton(act, key) {
  const person = state.people.get(act.resident);
  const where = state.rooms.get(act.room);
  return el("button", { type: "button", class: `act ${tried.has(key) ? "done" : ""}`, data: { act: key, platform: where?.platform }, onclick: () => play(act, key) },
    person && el("span", { class: "as" }, person.name), act.label);
}

function done(key) {
  tried.add(key);
  localStorage.setItem(KEPT, JSON.stringify([...tried]));
  drawGuide();
}

// What the guide proposes counts as tried, however it came to be said.
document.addEventListener("said", (event) => state.guide.forEach((step, at) => step.acts.forEach((act, number) => {
  if (act.text === event.detail) done(`${at}.${number}`);
})));

async function play(act, key) {
  document.body.classList.remove("house-open");
  if (act.kind !== "say") done(key);
  if (act.kind === "clock") await move({ seconds: act.seconds });
  if (act.kind === "power") await power(false);
  if (act.room) await become(act.resident, act.room);
  if (act.kind === "say") fill(act.text);
}

find("moves").addEventListener("click", (event) => {
  const { seconds, until } = event.target.dataset;
  if (seconds) move({ seconds: Number(seconds) });
  if (until) move({ until });
});
find("power").addEventListener("click", () => power(state.house.bot.name === "off"));
find("house-bar").addEventListener("click", () => document.body.classList.toggle("house-open"));
find("close-house").addEventListener("click", () => document.body.classList.remove("house-open"));
on("house", () => { drawClock(); drawBot(); });
on("live", () => state.house && drawBot());
on("world", drawGuide);
for (const event of ["entered", "left"]) document.addEventListener(event, () => drawBot());
document.addEventListener("head", drawClock);
setInterval(drawClock, 1000);
