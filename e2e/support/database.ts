// The databases a journey runs on: SQLite always, PostgreSQL when a server is given (`make` gives one).

import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const server = process.env.TEST_DATABASE_URL;
let count = 0;

/// Each as { name, fresh }, where `fresh` gives the address of an empty database (none for SQLite) and how to drop it.
export const databases = [
  { name: "SQLite", fresh: () => ({ databaseUrl: undefined, drop: () => {} }) },
  ...(server ? [{ name: "PostgreSQL", fresh: freshPostgres }] : []),
];

function freshPostgres() {
  count += 1;
  const name = `duplex_test_${Math.floor(Date.now() / 1000)}_${process.pid}_e2e${count}`;
  psql(`CREATE DATABASE ${name}`);
  const databaseUrl = server.replace(/^(\w+:\/\/[^/]*)\/[^?]*/, `$1/${name}`);
  return { databaseUrl, drop: () => psql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

function psql(statement) {
  execFileSync(client(), [server, "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", statement], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/// Distributions keep the newest client beside the server programs when it is not in the PATH.
function client() {
  try {
    execFileSync("psql", ["--version"], { stdio: "ignore" });
    return "psql";
  } catch {
    const folder = "/usr/lib/postgresql";
    const newest = readdirSync(folder).sort((a, b) => Number(b) - Number(a))[0];
    return join(folder, newest, "bin/psql");
  }
}
