// A picture or document of a call into the record of the patient on show.

import { text } from "../dom/page";

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly detail?: string }[];
}

const send = (visit: string, file: Blob, csrf: string): Promise<Response> =>
  fetch(`/api/v1/visits/${visit}/files`, {
    method: "POST",
    body: file,
    headers: { Accept: "application/json", "Content-Type": file.type, "X-CSRF-Token": csrf },
    credentials: "same-origin",
    redirect: "error",
  });

/** Keeps a file; answers why that did not work, or nothing. After unlocking elsewhere the token is another one. */
export async function keepFile(visit: string, file: Blob, csrf: string): Promise<string> {
  try {
    let answer = await send(visit, file, csrf);
    let problem = answer.ok ? {} : ((await answer.json()) as Problem);
    if (problem.code === "cross-site") {
      const session = await fetch("/api/v1/session", { credentials: "same-origin" });
      answer = await send(visit, file, ((await session.json()) as { readonly csrf: string }).csrf);
      problem = answer.ok ? {} : ((await answer.json()) as Problem);
    }
    return answer.ok ? "" : (problem.errors?.[0]?.detail ?? problem.detail ?? text("failed"));
  } catch {
    return text("failed");
  }
}
