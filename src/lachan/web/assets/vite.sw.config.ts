/** The service worker is one plain script of a fixed name: what it is made of is nobody's cache. */
import { resolve } from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;

export default defineConfig({
  root,
  publicDir: false,
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: resolve(root, "../static"),
    emptyOutDir: false,
    target: ["chrome100", "firefox100", "safari15.4"],
    reportCompressedSize: true,
    lib: {
      entry: resolve(root, "src/sw/sw.ts"),
      formats: ["iife"],
      name: "lachan",
      fileName: () => "sw.js",
    },
  },
});
