// Times and numbers in the page's language, by the browser's own tables.

/** English without a country means the international order of day and month, as the server writes it. */
const language = (): string => {
  const { lang } = document.documentElement;
  return !lang || lang === "en" ? "en-GB" : lang;
};

/** Whether the reader's own clock shows another time than a zone's at that moment. */
export function clockDiffers(start: string, zone: string): boolean {
  const shown = (timeZone?: string) => new Date(start).toLocaleString("en", { timeZone });
  return shown(zone) !== shown();
}

/** "Fri 27 Nov, 10:41", by the page's clock. */
export function dayAndTime(moment: Date): string {
  const { zone } = document.documentElement.dataset;
  const form = { weekday: "short", day: "numeric", month: "short", timeZone: zone } as const;
  return `${new Intl.DateTimeFormat(language(), form).format(moment)}, ${clock(moment)}`;
}

/** "20 minutes". */
export function minutes(count: number): string {
  const unit = { style: "unit", unit: "minute", unitDisplay: "long" } as const;
  return new Intl.NumberFormat(language(), unit).format(count);
}

/** "3 Feb 1955", of a calendar day without a time. */
export function day(date: string): string {
  const form = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language(), form).format(new Date(`${date}T00:00:00Z`));
}

/** "Fri", of a moment in a zone on another calendar day than `date`; on that day nothing. */
export function otherDay(moment: Date, zone: string | undefined, date: string): string {
  const form = { timeZone: zone } as const;
  if (moment.toLocaleDateString("sv", form) === date) return ""; // Swedish dates are ISO 8601's
  return new Intl.DateTimeFormat(language(), { weekday: "short", ...form }).format(moment);
}

/** A page's times are those of one place, whatever the reader's own clock shows: two clocks on one page mislead. */
export function timesOf(zone: string | undefined): void {
  document.documentElement.dataset["zone"] = zone;
}

/** "10:41", in a zone (by default the page's, or else the reader's own), or with seconds. */
export function clock(
  moment: Date,
  zone = document.documentElement.dataset["zone"],
  seconds = false,
): string {
  const form: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (seconds) form.second = "2-digit";
  if (zone) form.timeZone = zone;
  return new Intl.DateTimeFormat(language(), form).format(moment);
}

/** What a language is called in the language of the page: "Spanish". */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Which ordinal form a number takes: one, two, few, other … */
export function ordinal(count: number): string {
  return new Intl.PluralRules(language(), { type: "ordinal" }).select(count);
}

export function number(count: number): string {
  return new Intl.NumberFormat(language()).format(count);
}
