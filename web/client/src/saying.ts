// What is said in writing, and builders for it; these are loaded with the conversation (README, "Why").

/** How something is shown: in the list, large over the picture as well, or as a report of trouble. */
export type SpeechKind = "chat" | "caption" | "problem";

/** What somebody says in writing: a prepared phrase by its name, or a text; `id` is new for everything that is said. */
export interface SayBody {
  readonly id: string;
  readonly kind: SpeechKind;
  readonly phrase: string;
  readonly text: string;
}

/** Something that was said in the visit's call; `seq` counts from 1 without a gap. */
export interface Said extends SayBody {
  readonly seq: number;
  readonly from: string;
  readonly name: string;
  /** As in the roster. */
  readonly part?: string;
  readonly at: string;
}

/** Either a phrase or a text says something; the other one is empty. */
export function say(id: string, kind: SpeechKind, { phrase = "", text = "" }): SayBody {
  return { id, kind, phrase, text };
}

export function catchUp(since: number): { readonly since: number } {
  return { since };
}
