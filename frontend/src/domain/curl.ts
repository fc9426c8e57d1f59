export interface CurlRequest {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  url: string;
  body?: unknown;
  /** Further headers; the key and the body's type are there anyway. */
  headers?: Record<string, string>;
}

/** Anything in single quotes; a quote in it ends them, stands escaped, and begins them anew. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The line that does the same from a shell. The API key comes from the variable `DUPLEX_KEY`. */
export function curlOf({ method, url, body, headers = {} }: CurlRequest): string {
  const lines = [method === "GET" ? `curl ${quoted(url)}` : `curl -X ${method} ${quoted(url)}`];
  lines.push('-H "Authorization: Bearer $DUPLEX_KEY"');
  for (const [name, value] of Object.entries(headers)) {
    lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  }
  if (body !== undefined) {
    lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body, undefined, 2))}`);
  }
  return lines.join(" \\\n  ");
}
