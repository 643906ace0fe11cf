import { build, createServer } from "vite";
import { expect, it } from "vitest";
import { SINGLE_STEP } from "../../emulator/machine/v86-wasm.js";
import { enginePlugin } from "./engine-plugin.js";

const ENTRY = "virtual:entry";

/** A page whose only script says where the emulator is. */
const page = {
  name: "test-page",
  resolveId: (id: string) => (id === ENTRY ? id : undefined),
  load: (id: string) =>
    id === ENTRY ? 'export { default } from "v86/build/v86.wasm?url";' : undefined,
};

async function exportsOf(engine: Uint8Array): Promise<string[]> {
  const module = await WebAssembly.compile(new Uint8Array(engine));
  return WebAssembly.Module.exports(module).map(({ name }) => name);
}

it("publishes an emulator that makes single steps, at a relative address", async () => {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    base: "./",
    plugins: [page, enginePlugin()],
    build: {
      write: false,
      assetsInlineLimit: 0,
      rolldownOptions: { input: ENTRY, preserveEntrySignatures: "strict" },
    },
  });
  if (Array.isArray(result) || !("output" in result)) throw new Error("one build was to be made");
  const engines = result.output.filter(({ fileName }) => fileName.endsWith(".wasm"));
  expect(engines).toHaveLength(1);
  const [engine] = engines;
  if (engine?.type !== "asset") throw new Error("the emulator is no asset");
  expect(engine.fileName).toMatch(/^assets\/v86-[\w-]{8}\.wasm$/);
  expect(await exportsOf(engine.source as Uint8Array)).toContain(SINGLE_STEP);
  const code = result.output.map((one) => (one.type === "chunk" ? one.code : "")).join();
  const name = engine.fileName.replace("assets/", "");
  expect(code).toMatch(new RegExp(`new URL\\(["'\`]${name}["'\`], ?import\\.meta\\.url\\)`));
});

it("serves such an emulator while the page is developed", async () => {
  const server = await createServer({
    configFile: false,
    logLevel: "silent",
    server: { port: 0, host: "127.0.0.1", ws: false, watch: null },
    plugins: [page, enginePlugin()],
  });
  try {
    await server.listen();
    const module = await server.ssrLoadModule(ENTRY);
    const response = await fetch(new URL(module.default, server.resolvedUrls?.local[0]));
    expect(response.headers.get("content-type")).toBe("application/wasm");
    expect(await exportsOf(new Uint8Array(await response.arrayBuffer()))).toContain(SINGLE_STEP);
  } finally {
    await server.close();
  }
});
