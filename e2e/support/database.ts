// The databases that a journey runs on: SQLite always, PostgreSQL when a server is given (`make` gives one).

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const server = process.env["TEST_DATABASE_URL"];

export interface FreshDatabase {
  /** None: SQLite in the data folder. */
  databaseUrl?: string;
  drop: () => void;
}

export interface Database {
  name: string;
  /** An empty one. */
  fresh: () => FreshDatabase;
}

const sqlite: Database = { name: "SQLite", fresh: () => ({ drop: () => {} }) };

export const postgres: readonly Database[] = server ? [{ name: "PostgreSQL", fresh: () => freshPostgres(server) }] : [];

export const databases: readonly Database[] = [sqlite, ...postgres];

function freshPostgres(at: string): FreshDatabase {
  // The name says when it was made: the backend's tests drop what was left behind hours ago.
  const name = `duplex_test_${Math.floor(Date.now() / 1000)}_${process.pid}_${randomBytes(4).toString("hex")}`;
  psql(at, `CREATE DATABASE ${name}`);
  const databaseUrl = at.replace(/^(\w+:\/\/[^/]*)\/[^?]*/, `$1/${name}`);
  return { databaseUrl, drop: () => psql(at, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function psql(at: string, statement: string): void {
  execFileSync(client(), [at, "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", statement], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Distributions keep the newest client beside the server programs when it is not in the PATH. */
function client(): string {
  try {
    execFileSync("psql", ["--version"], { stdio: "ignore" });
    return "psql";
  } catch {
    const folder = "/usr/lib/postgresql";
    const [newest] = readdirSync(folder).sort((a, b) => Number(b) - Number(a));
    return join(folder, newest ?? "", "bin/psql");
  }
}
