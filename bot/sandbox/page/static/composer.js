// What I am about to say: text, @班长 in groups, a quote, pictures, and ready sentences.
import { el, find, toast } from "./dom.js";
import { nameOf, summary } from "./post.js";
import { post as send, state } from "./store.js";

const text = find("text");
let quoted = null;
let files = [];
let mention = true;

function room() { return state.rooms.get(state.room); }

export function fill(sentence) {
  text.value = sentence;
  grow();
  text.focus({ preventScroll: true });
  text.setSelectionRange(text.value.length, text.value.length);
}

function draw() {
  find("composer").hidden = !state.room;
  if (!state.room) return;
  find("mention").hidden = room().kind !== "group";
  find("scan").hidden = room().door !== "app";
  find("mention").textContent = `@${state.plant.bot}`;
  find("mention").setAttribute("aria-pressed", String(mention));
  text.placeholder = room().kind === "group" ? "说一句话" : "跟班长说，不用 @";
  const phrases = state.people.get(state.me)?.phrases || [];
  find("phrases").replaceChildren(...phrases.map((it) => el("button", { type: "button", onclick: () => fill(it) }, it)));
  drawQuote();
  drawFiles();
}

function drawQuote() {
  find("quoting").hidden = !quoted;
  if (!quoted) return;
  const drop = () => { quoted = null; drawQuote(); };
  find("quoting").replaceChildren(
    el("span", {}, `引用 ${nameOf(quoted.author)}：${summary(quoted).slice(0, 60)}`),
    el("button", { type: "button", "aria-label": "不引用", onclick: drop }, "×"));
}

function drawFiles() {
  find("attached").hidden = !files.length;
  find("attached").replaceChildren(...files.map((file, at) => {
    const drop = () => { files.splice(at, 1); drawFiles(); };
    const shown = file.type.startsWith("image/") ? el("img", { src: URL.createObjectURL(file), alt: file.name }) : el("span", { class: "name" }, file.name);
    return el("span", { class: "thing" }, shown, el("button", { type: "button", "aria-label": "去掉", onclick: drop }, "×"));
  }));
}

export function attach(added) {
  files = [...files, ...added].slice(0, 9);
  drawFiles();
  text.focus({ preventScroll: true });
}

// The menu of WeCom's self-built app: what stands in the box is what the camera reads.
async function scan() {
  try {
    await send("/api/scan", { resident: state.me, room: state.room, text: text.value });
    text.value = "";
    grow();
  } catch (error) {
    toast(error.message, "bad");
  }
}

async function submit() {
  const said = text.value.trim();
  if (!said && !files.length) return;
  const form = new FormData();
  form.append("resident", state.me);
  form.append("room", state.room);
  form.append("text", said);
  form.append("mention", mention && room().kind === "group" ? "1" : "");
  if (quoted) form.append("quote", quoted.id);
  for (const file of files) form.append("file", file, file.name || "picture.png");
  const kept = { said, files, quoted };
  [text.value, files, quoted] = ["", [], null];
  grow();
  draw();
  try {
    await send("/api/say", form);
    document.dispatchEvent(new CustomEvent("said", { detail: said }));
  } catch (error) {
    toast(error.message === "Failed to fetch" ? "没有发出去：演示没有回应" : error.message, "bad");
    if (!text.value) [text.value, files, quoted] = [kept.said, kept.files, kept.quoted];
    draw();
  }
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 140)}px`;
}

function drawLabels() {
  const take = async (label) => {
    find("label-menu").hidden = true;
    const picture = await (await fetch(`/labels/${encodeURIComponent(label.name)}`)).blob();
    attach([new File([picture], label.name, { type: "image/png" })]);
  };
  find("label-menu").replaceChildren(...state.labels.map((it) =>
    el("button", { type: "button", onclick: () => take(it) },
      el("img", { src: `/labels/${encodeURIComponent(it.name)}`, alt: "" }), it.title)));
}

find("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    submit();
  }
});
text.addEventListener("paste", (event) => {
  const pasted = [...event.clipboardData.files];
  if (pasted.length) { event.preventDefault(); attach(pasted); }
});
find("mention").addEventListener("click", () => { mention = !mention; draw(); });
find("scan").addEventListener("click", scan);
find("attach").addEventListener("click", () => find("file").click());
find("file").addEventListener("change", () => { attach([...find("file").files]); find("file").value = ""; });
find("labels").addEventListener("click", () => {
  drawLabels();
  find("label-menu").hidden = !find("label-menu").hidden;
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("#labels, #label-menu")) find("label-menu").hidden = true;
});

const talk = document.querySelector(".talk");
talk.addEventListener("dragover", (event) => { event.preventDefault(); talk.classList.add("dropping"); });
talk.addEventListener("dragleave", (event) => { if (!talk.contains(event.relatedTarget)) talk.classList.remove("dropping"); });
talk.addEventListener("drop", (event) => {
  event.preventDefault();
  talk.classList.remove("dropping");
  if (state.room) attach([...event.dataTransfer.files]);
});
document.addEventListener("quote", (event) => { quoted = event.detail; drawQuote(); text.focus(); });
document.addEventListener("entered", () => { quoted = null; draw(); });
