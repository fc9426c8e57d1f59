import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { precompress } from "./build/precompress.ts";

/** Where `npm run dev` finds a gateway. */
const gateway = process.env["DUPLEX_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  // Addresses are relative to <base>, which the gateway sets to its path prefix.
  base: "./",
  plugins: [react(), tailwindcss(), precompress()],
  build: {
    target: "es2023",
    manifest: true,
    modulePreload: { polyfill: false },
    // Nothing is inlined: the policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // Not the names of all pages that share it.
        chunkFileNames: ({ name }) => `assets/${name.startsWith("shared~") ? "shared" : "[name]"}-[hash].js`,
        codeSplitting: {
          groups: [
            // What the first page needs comes in one piece, and so does what several pages share: dozens of chunks of a few
            // hundred bytes would cost more in requests than they save.
            // What the router reads of the pages' addresses belongs to it: in a chunk of theirs, it would bring their code along.
            {
              name: "base",
              tags: ["$initial"],
              test: /node_modules|src\/(ui|domain|lib|api|i18n)\/|src\/app\/pages\.ts$|\/search\.ts$/,
              priority: 1,
            },
            // Only crumbs are joined: what is larger would bring the parts of other pages along.
            { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 2_000 },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { "/api": gateway, "/docs": gateway },
  },
  test: {
    environment: "happy-dom",
    environmentOptions: { happyDOM: { url: "http://gateway.test/" } },
    setupFiles: ["src/test/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // A limit for a loaded machine; nothing that works comes near it.
    testTimeout: 60_000,
  },
});
