// Talking to the JSON API: one small function round fetch, typed refusals, and repeating only what may be repeated.

export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly detail: string;
}

/** What problem+json says (contracts, "HTTP"); for a request that got no answer, `offline` or `timeout` with status 0. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    /** The whole answer, for members beyond the standard ones. */
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${status} ${code}`);
  }

  /** Whether the same request may well succeed later. */
  get transient(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export interface ApiOptions {
  /** Put before every path that begins with a slash. */
  readonly base?: string;
  /** The value of the page's CSRF token. */
  readonly csrf?: string;
  readonly fetch?: typeof fetch;
  readonly random?: () => number;
}

export interface RequestOptions {
  readonly body?: unknown;
  /** Idempotency-Key: pass the same one when the person presses the same button again. Writes get a fresh one by default. */
  readonly key?: string;
  /** Additional headers, e.g. If-Match. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Per attempt, ms; 15 s by default. */
  readonly patience?: number;
  /** How often in all; by default 3, and 1 with keepalive. */
  readonly attempts?: number;
  /** Let the request outlive the page (at most 64 kB). */
  readonly keepalive?: boolean;
}

const SAFE = ["GET", "HEAD"];
const PATIENCE_MS = 15_000;

/** 32 hexadecimal digits; crypto.randomUUID is missing where the page is not served securely. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

async function problem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => ({}));
  const members = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const errors = Array.isArray(members["errors"]) ? (members["errors"] as FieldError[]) : [];
  const code = text(members["code"]) || `http-${response.status}`;
  return new Problem(response.status, code, text(members["detail"]), errors, members);
}

export class Api {
  constructor(private readonly options: ApiOptions = {}) {}

  get<T>(path: string, options?: RequestOptions): Promise<T> {
    return this.request<T>("GET", path, options);
  }

  post<T>(path: string, body: unknown = {}, options?: RequestOptions): Promise<T> {
    return this.request<T>("POST", path, { ...options, body });
  }

  put<T>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return this.request<T>("PUT", path, { ...options, body });
  }

  /**
   * Sends a request and answers its JSON (undefined for an empty answer); throws Problem. Transient failures are tried
   * again: writes carry an Idempotency-Key, so the server does them once.
   */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const init = this.prepare(method, options);
    const attempts = options.attempts ?? (options.keepalive ? 1 : 3);
    for (let n = 1; ; n += 1) {
      try {
        return await this.once<T>(path, init, options.patience ?? PATIENCE_MS);
      } catch (error) {
        if (!(error instanceof Problem) || !error.transient || n >= attempts) throw error;
        const chance = (this.options.random ?? Math.random)();
        await new Promise((go) => setTimeout(go, 300 * 3 ** (n - 1) * (0.7 + 0.6 * chance)));
      }
    }
  }

  private prepare(method: string, options: RequestOptions): RequestInit {
    const headers: Record<string, string> = { Accept: "application/json", ...options.headers };
    if (!SAFE.includes(method)) {
      headers["Idempotency-Key"] = options.key ?? newKey();
      if (this.options.csrf) headers["X-CSRF-Token"] = this.options.csrf;
    }
    const init: RequestInit = { method, headers, credentials: "same-origin", redirect: "error" };
    if (options.keepalive) init.keepalive = true;
    if (options.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(options.body);
    }
    return init;
  }

  private async once<T>(path: string, init: RequestInit, patience: number): Promise<T> {
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), patience);
    try {
      const send = this.options.fetch ?? fetch;
      const response = await send((this.options.base ?? "/api/v1") + path, { ...init, signal: given.signal });
      if (!response.ok) throw await problem(response);
      const body = await response.text();
      return (body ? JSON.parse(body) : undefined) as T;
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (error instanceof SyntaxError) throw new Problem(502, "bad-answer", error.message);
      throw new Problem(0, given.signal.aborted ? "timeout" : "offline", String(error));
    } finally {
      clearTimeout(timer);
    }
  }
}
