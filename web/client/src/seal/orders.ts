// What the worker that seals and opens frames is told, and what it tells: the keys come by these, and stay in there.

import type { Kind } from "./frame";

export type Order =
  /** Seals what goes up with this key from now on. */
  | { readonly do: "seal"; readonly id: number; readonly key: CryptoKey }
  /** Lets what goes up pass as it is. */
  | { readonly do: "pass" }
  /** Opens what this member sends, with this key, too. */
  | { readonly do: "open"; readonly who: string; readonly id: number; readonly key: CryptoKey }
  /** Whether what is not sealed is taken of this member as well; at first it is not. */
  | { readonly do: "trust"; readonly who: string; readonly clear: boolean }
  | { readonly do: "forget"; readonly who: string };

/** How many frames of a member could be used so far. */
export interface Told {
  readonly who: string;
  readonly frames: number;
}

/** What a transform is for: the own sound or picture on its way up, or that of a member on its way here. */
export interface Way {
  readonly kind: Kind;
  readonly who?: string;
}
