// A guest's page: wires its buttons to the guest's way.

import { actions, all, one, skip } from "../dom/page";
import { testSound } from "../tones";
import { Guest } from "../visit/guest";

const token = location.hash.slice(1);
const guest = new Guest(one("#texts").dataset["guest"] ?? "", token);
const leaving = one<HTMLDialogElement>("[data-leave]");

actions({
  skip,
  both: () => guest.join(true),
  sound: () => guest.join(false),
  again: () => guest.join(guest.camera.picture),
  "test-sound": () => testSound(),
  flip: () => guest.flip(),
  wait: () => guest.wait(),
  "step-out": () => guest.leave(),
  mute: () => guest.call.own.mute(),
  hide: () => guest.call.own.hide(),
  hear: () => guest.call.own.hear(),
  brighten: () => guest.call.own.brighten(),
  continue: () => guest.call.own.resume(),
  leave: () => leaving.showModal(),
  stay: () => leaving.close(),
  "really-leave": () => {
    leaving.close();
    return guest.leave();
  },
  reload: () => location.reload(),
});

// The link's secret stands behind the # and must not get lost with the language.
for (const link of all<HTMLAnchorElement>("[data-language]")) {
  link.addEventListener("click", () => (link.hash = location.hash));
}
addEventListener("hashchange", () => location.reload());

void guest.start();
