import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const root = import.meta.dirname;

/** Every file in src/entries is a script of its own that a page may ask for by name. */
function islands(): string[] {
  const folder = resolve(root, "src/entries");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
    .map((name) => resolve(folder, name));
}

const PACKED = /\.(br|gz)$/;
const PACKABLE = /\.(m?js|css|wasm|svg)$/;

export default defineConfig({
  root,
  base: "/static/",
  publicDir: resolve(root, "public"),
  build: {
    outDir: resolve(root, "../static"),
    // Only what this build makes is emptied; the fonts for print are built beside it afterwards.
    emptyOutDir: false,
    manifest: "manifest.json",
    target: ["chrome100", "firefox100", "safari15.4"],
    // Fonts and pictures stay files: the content security policy forbids data: addresses for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: true,
    rolldownOptions: {
      // htmx carries an eval() that main.ts turns off and the content security policy forbids.
      onLog(level, log, next) {
        if (log.code !== "EVAL") next(level, log);
      },
      input: [resolve(root, "css/index.css"), resolve(root, "src/main.ts"), ...islands()],
    },
  },
  plugins: [
    {
      name: "clear-old-build",
      // Afterwards, so that a server that runs meanwhile always finds a whole build.
      async writeBundle({ dir }, bundle) {
        const { readdir, rm } = await import("node:fs/promises");
        const folder = resolve(dir ?? "", "assets");
        for (const name of await readdir(folder)) {
          if (!(`assets/${name.replace(PACKED, "")}` in bundle)) {
            await rm(resolve(folder, name), { force: true });
          }
        }
      },
    },
    {
      name: "pack",
      // Once, rather than at every answer: the map alone is a megabyte.
      async writeBundle({ dir }, bundle) {
        const { readFile, writeFile } = await import("node:fs/promises");
        const { brotliCompress, constants, gzip } = await import("node:zlib");
        const { promisify } = await import("node:util");
        const write = async (name: string): Promise<void> => {
          const path = resolve(dir ?? "", name);
          const content = await readFile(path);
          await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
          // Quality 11 takes ten times as long and saves a twentieth.
          const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
          await writeFile(`${path}.br`, await promisify(brotliCompress)(content, { params }));
        };
        await Promise.all(
          Object.keys(bundle)
            .filter((name) => name.startsWith("assets/") && PACKABLE.test(name))
            .map(write),
        );
      },
    },
  ],
});
