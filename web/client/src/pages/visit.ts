// The patient's page: wires the buttons of its first views to the journey; later ones bring their own.

import { actions, all, one, skip } from "../dom/page";
import { Journey } from "../visit/journey";

const visit = one("#texts").dataset["visit"] ?? "";
// The page of an open visit has no secret in its address: what stands there is a place in the page.
const token = visit ? "" : location.hash.slice(1);
const journey = new Journey(visit, token);

actions({
  skip,
  both: () => journey.join(true),
  sound: () => journey.join(false),
  again: () => journey.again(),
  phone: () => journey.side.phone(),
  "not-me": () => journey.side.notMe(),
  "test-sound": () => journey.later((onward) => onward.testSound()),
  flip: () => journey.flip(),
  wait: () => journey.wait(),
  check: () => journey.later((onward) => onward.check()),
  "step-out": () => journey.later((onward) => onward.stepOut()),
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
