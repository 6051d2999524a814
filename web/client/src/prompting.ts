// A note's headings: putting a set of them into a field, and another one in its place. What somebody wrote stays, under
// the heading under which they wrote it; only headings without an answer go.

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === "";

/** The lines without those headings of `known` that nobody has answered, but for those that shall stay. */
function answered(lines: readonly string[], known: readonly string[], stays: readonly string[]): string[] {
  const heading = (line: string | undefined): boolean => line !== undefined && known.includes(line.trim());
  return lines.filter((line, at) => {
    if (!heading(line) || stays.includes(line.trim())) return true;
    const next = lines.slice(at + 1).find((each) => !isBlank(each));
    return next !== undefined && !heading(next);
  });
}

/** A field's text with a set of headings; `known` are the headings of all sets. An empty set takes headings out. */
export function prompted(text: string, known: readonly string[], wanted: readonly string[]): string {
  const kept = answered(text ? text.split("\n") : [], known, wanted);
  while (kept.length && isBlank(kept.at(-1))) kept.pop();
  const there = (heading: string): boolean => kept.some((line) => line.trim().startsWith(heading));
  return [...kept, ...wanted.filter((heading) => !there(heading)).map((heading) => `${heading} `)].join("\n");
}

/** A field's text with something more below it; what stands there already is not put in twice. */
export function below(text: string, more: string): string {
  if (!more || text.includes(more)) return text;
  return text.trim() ? `${text.trimEnd()}\n\n${more}` : more;
}
