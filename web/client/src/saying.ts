// Builders for what is said in writing, apart from the others: they are loaded with the conversation (README, "Why").

import type { SayBody, SpeechKind } from "./messages";

/** Either a phrase or a text says something; the other one is empty. */
export function say(id: string, kind: SpeechKind, { phrase = "", text = "" }): SayBody {
  return { id, kind, phrase, text };
}

export function catchUp(since: number): { readonly since: number } {
  return { since };
}
