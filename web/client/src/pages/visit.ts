// The patient's page: wires its buttons to the journey.

import { actions, all, one } from "../dom/page";
import { testSound } from "../sound";
import { Journey } from "../visit/journey";

const token = location.hash.slice(1);
const journey = new Journey(one("#texts").dataset["visit"] ?? "", token);
const leaving = one<HTMLDialogElement>("[data-leave]");

actions({
  both: () => journey.join(true),
  sound: () => journey.join(false),
  again: () => journey.again(),
  phone: () => journey.side.phone(),
  "phone-known": () => journey.side.on((side) => side.ask()),
  back: () => journey.side.on((side) => side.back()),
  "copy-link": () => journey.side.on((side) => side.copy()),
  "try-here": () => {
    journey.camera.devices.dare();
    return journey.again();
  },
  "not-me": () => journey.side.notMe(),
  video: () => journey.side.video(),
  "test-sound": () => testSound(),
  flip: () => journey.flip(),
  wait: () => journey.wait(),
  check: () => journey.check(),
  "text-me": () => journey.textMe(true),
  "no-text": () => journey.textMe(false),
  "step-out": () => journey.stepOut(),
  join: () => journey.joinCall(),
  return: () => journey.joinCall(),
  mute: () => journey.onLine((line) => line.mute()),
  hide: () => journey.onLine((line) => line.hide()),
  continue: () => journey.onLine((line) => line.resume()),
  hear: () => journey.onLine((line) => line.hear()),
  leave: () => leaving.showModal(),
  stay: () => leaving.close(),
  "really-leave": () => {
    leaving.close();
    return journey.leave();
  },
  reload: () => location.reload(),
  "type-code": () => location.replace(`/v${location.search}`),
});

// The link's secret stands behind the # and must not get lost with the language.
for (const link of all<HTMLAnchorElement>("[data-language]")) {
  link.addEventListener("click", () => (link.hash = location.hash));
}
// Whoever asks for a new link does so by the old one.
for (const field of all<HTMLInputElement>("[data-token]")) field.value = token;
// Another link opened in the same tab changes the fragment only.
addEventListener("hashchange", () => location.reload());

void journey.start();
