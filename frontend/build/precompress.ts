import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const compressible = /\.(js|css|html|svg|json|webmanifest)$/;
/** Below this a compressed answer saves no packet, in bytes. */
const smallest = 1024;

/** Writes `<file>.br` and `<file>.gz` beside each file that gains by it, so that the gateway compresses nothing at run time. */
export function precompress(): Plugin {
  let folder = "dist";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    // After Vite's own; not `closeBundle`, which also runs after a failed build and would hide its error.
    writeBundle: {
      order: "post",
      handler() {
        for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
          // The manifest is for the tests of budgets and is not served.
          if (!compressible.test(name) || name.startsWith(".vite")) {
            continue;
          }
          const path = join(folder, name);
          const text = readFileSync(path);
          if (text.length >= smallest) {
            writeFileSync(`${path}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
            writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
          }
        }
      },
    },
  };
}
