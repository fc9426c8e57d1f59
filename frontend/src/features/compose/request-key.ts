/** The key of a request, and what it was made for. */
export interface RequestKey {
  key: string;
  body: string;
}

/** Tried again unchanged, a request keeps its key, so that it can't be sent twice; changed, it is another request. */
export function keyFor(last: RequestKey | undefined, body: unknown, make: () => string): RequestKey {
  const text = JSON.stringify(body);
  return last?.body === text ? last : { key: make(), body: text };
}
