/**
 * A name that no other request has, for `Idempotency-Key`. Not `randomUUID`: browsers have it on secure addresses only,
 * and a gateway in one's own network often has none.
 */
export function requestName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
