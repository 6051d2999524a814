// The line in the consult's head that says what the patient is allergic to.

import { choose, fill, only, text } from "../dom/page";
import type { Allergies, Allergy } from "./desk";

export const named = ({ substance, reaction }: Allergy): string =>
  reaction ? `${substance} (${reaction})` : substance;

/** What is dangerous stands first. */
export function showAllergies({ known, allergies }: Allergies, root: ParentNode): void {
  const some = (severe: boolean) =>
    allergies
      .filter((one) => one.severe === severe)
      .map(named)
      .join(text("comma"));
  choose("known", known, root);
  fill("severe", some(true), root);
  only("severe", some(true) !== "", root);
  fill("allergies", some(false), root);
}
