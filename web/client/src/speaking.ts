// Who speaks, from how loud everybody is; and how loud each is played where somebody interprets.

import type { Member } from "./messages";

/** From this level on somebody speaks rather than breathes: a browser's audioLevel, 0 to 1. */
export const VOICE = 0.03;
/** Between words one still speaks, ms. */
const PAUSE_MS = 1200;

export class Speaking {
  private readonly last = new Map<string, number>();

  /** Takes how loud everybody is now; answers who speaks. */
  hear(levels: ReadonlyMap<string, number>, now: number): ReadonlySet<string> {
    for (const [id, level] of levels) if (level >= VOICE) this.last.set(id, now);
    for (const id of [...this.last.keys()]) if (!levels.has(id)) this.last.delete(id);
    return new Set([...this.last].filter(([, at]) => now - at < PAUSE_MS).map(([id]) => id));
  }
}

/** Whom one wants to hear where somebody interprets. */
export const LISTENING = ["interpreter", "both", "original"] as const;
export type Listening = (typeof LISTENING)[number];

/** How loud a voice is under that of who interprets it: that it is there is heard, and its mood. */
export const UNDER = 0.2;

const interprets = (one: Member) => one.part === "interpreter";

/** Whether there is somebody to choose: who interprets hears everybody. */
export function choosable(members: readonly Member[], you: string): boolean {
  return (
    members.some((one) => interprets(one) && one.id !== you) &&
    !members.some((one) => interprets(one) && one.id === you)
  );
}

/** How loud each of the others is played, 0 to 1: under whoever interprets, while they speak. */
export function volumes(
  members: readonly Member[],
  you: string,
  listening: Listening,
  speaking: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const choice = choosable(members, you) ? listening : "both";
  const interpreted = members.some((one) => interprets(one) && speaking.has(one.id));
  const loud = (one: Member) => {
    if (interprets(one)) return choice === "original" ? 0 : 1;
    return choice === "interpreter" && interpreted ? UNDER : 1;
  };
  return new Map(members.filter((one) => one.id !== you).map((one) => [one.id, loud(one)]));
}
