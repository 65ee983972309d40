// Who I am leaves the firm, or comes back: the platforms tell the bot, and it acts on that at once.
import { find, toast } from "./dom.js";
import { on, post as send, state } from "./store.js";

const SURE_MS = 5000;
let sure = null;  // the timer of a button that was pressed once

function draw() {
  const me = state.people.get(state.me);
  find("staff").hidden = !me;
  if (!me) return;
  find("staff-words").textContent = me.gone ? `${me.name}已离职` : `${me.name}在职`;
  find("leave").textContent = me.gone ? "重新入职" : sure ? "再按一次就离职" : "离职";
  find("leave").classList.toggle("sure", Boolean(sure));
}

function forget() {
  clearTimeout(sure);
  sure = null;
  draw();
}

async function press() {
  const me = state.people.get(state.me);
  if (!me.gone && !sure) {
    sure = setTimeout(forget, SURE_MS);
    return draw();
  }
  forget();
  try {
    await send("/api/staff", { resident: me.id, here: me.gone });
    toast(me.gone ? `${me.name}回来了` : `${me.name}离职了，通讯录已告诉班长`);
  } catch (error) { toast(error.message, "bad"); }
}

find("leave").addEventListener("click", press);
document.addEventListener("became", forget);
on("world", draw);
