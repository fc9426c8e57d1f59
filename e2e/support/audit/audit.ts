// A walk over many screens, which ends with everything that was found on the way. What stands on all of them is told once.

import { expect, type Page } from "@playwright/test";
import { violations } from "./axe.ts";
import { focusFaults } from "./focus.ts";
import { layoutFaults } from "./layout.ts";

export class Audit {
  readonly #page: Page;
  /** Where each fault was met. */
  readonly #faults = new Map<string, string[]>();

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes somewhere; that this fails is a fault like others. */
  async reach(where: string, way: () => Promise<void>): Promise<boolean> {
    try {
      await way();
      return true;
    } catch (error) {
      this.#keep(where, [`not reached: ${error instanceof Error ? error.message : String(error)}`]);
      return false;
    }
  }

  /** Looks at the page as it stands. */
  async look(where: string): Promise<void> {
    this.#keep(where, await violations(this.#page));
    this.#keep(where, await layoutFaults(this.#page));
  }

  /** Goes through the page with Tab. */
  async tab(where: string): Promise<void> {
    this.#keep(where, await focusFaults(this.#page));
  }

  /** Fails for everything that was found. */
  verify(): void {
    const told = [...this.#faults].map(([fault, places]) => `${fault} [${places.join(", ")}]`);
    expect(told, "nothing was found on the way").toEqual([]);
  }

  #keep(where: string, faults: readonly string[]): void {
    for (const fault of faults) {
      const places = this.#faults.get(fault) ?? [];
      this.#faults.set(fault, places.includes(where) ? places : [...places, where]);
    }
  }
}
