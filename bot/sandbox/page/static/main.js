// The page starts here: hear the stream, then be who I was, or choose.
import { toast } from "./dom.js";
import "./composer.js";
import "./house.js";
import "./staff.js";
import { become, choose, lastMe } from "./people.js";
import { listen, on, state } from "./store.js";

let begun = false;

on("world", () => {
  document.title = `班长 · ${state.plant.name}`;
  if (begun) return;
  begun = true;
  const me = lastMe();
  if (me) become(me);
  else choose();
});
on("notice", (text) => toast(text));
listen();
