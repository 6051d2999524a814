// Marks the steps of getting into a call on the page's own clock; logbook.ts tells when they came.

/** This step is taken now: sock, offer, answer, ice, dtls, sound, frame; `enter` is where counting begins. */
export function mark(step: string): void {
  performance.mark(`call ${step}`);
}
