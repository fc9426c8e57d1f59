import type { Code, FieldError, Problem as WireProblem } from "./schema.gen";

/** What a failed call is matched by: the API's codes, and two of our own for when no answer of the API came. */
export type ProblemCode = Code | "unreachable" | "unexpected";

/** A failed call, whatever the reason. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string | undefined;
  /** 0 when nothing answered. */
  readonly status: number;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldError[];
  /** Seconds to wait before the next try, when the server named them. */
  readonly retryAfter: number | undefined;

  constructor(parts: {
    code: ProblemCode;
    title: string;
    status: number;
    detail?: string | undefined;
    requestId?: string | undefined;
    errors?: readonly FieldError[] | undefined;
    retryAfter?: number | undefined;
  }) {
    super(parts.detail ? `${parts.title}: ${parts.detail}` : parts.title);
    this.name = "Problem";
    this.code = parts.code;
    this.title = parts.title;
    this.detail = parts.detail;
    this.status = parts.status;
    this.requestId = parts.requestId;
    this.errors = parts.errors ?? [];
    this.retryAfter = parts.retryAfter;
  }
}

/** The problem that an answer of the API tells, or one of our own if it tells none (a proxy's page, say). */
export function problemOf(body: unknown, response: Response): Problem {
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : undefined;
  if (isWireProblem(body)) {
    return new Problem({
      code: body.code,
      title: body.title,
      status: response.status,
      detail: body.detail ?? undefined,
      requestId: body.request_id,
      errors: body.errors,
      retryAfter,
    });
  }
  return new Problem({
    code: "unexpected",
    title: "The server gave an answer that could not be read",
    status: response.status,
    detail: `HTTP ${response.status}`,
    requestId: response.headers.get("x-request-id") ?? undefined,
    retryAfter,
  });
}

/** What a call that nothing answered comes to. */
export function unreachable(): Problem {
  return new Problem({ code: "unreachable", title: "The server can't be reached", status: 0 });
}

/** Any thrown value as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) {
    return error;
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem({ code: "unexpected", title: "Something went wrong in the console", status: 0, detail });
}

function isWireProblem(body: unknown): body is WireProblem {
  return (
    typeof body === "object" && body !== null && "code" in body && "title" in body && typeof body.code === "string"
  );
}
