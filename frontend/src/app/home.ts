import type { Membership } from "../api/schema.gen";
import { readStored } from "../lib/storage";

/** The workspace to open first: the one used last in this browser, else the sandbox, else any. */
export function homeWorkspace(memberships: readonly Membership[]): string | undefined {
  const last = readStored("workspace");
  const ids = memberships.map(({ workspace }) => workspace);
  const found = ids.find(({ id }) => id === last) ?? ids.find(({ environment }) => environment === "sandbox") ?? ids[0];
  return found?.id;
}
