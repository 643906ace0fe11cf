/** Compiles the engine with AssemblyScript's compiler, in memory. For tests, the bench and tools. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..");
const kept = join(folder, "..", "..", "node_modules", ".cache", "kspace-x64");

/** The engine as it is in the sources: compiled now, or found from the last time. */
export async function compiledEngine(): Promise<WebAssembly.Module> {
  const file = join(kept, `${hashOfSources()}.wasm`);
  let bytes: Uint8Array<ArrayBuffer> | undefined = readIfThere(file);
  if (bytes === undefined) {
    bytes = await compileEngine();
    mkdirSync(kept, { recursive: true });
    // Several tests may do this at once: each sees a whole file.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, bytes);
    renameSync(own, file);
  }
  return WebAssembly.compile(bytes);
}

/** @throws Error with the compiler's messages */
export async function compileEngine(): Promise<Uint8Array<ArrayBuffer>> {
  let output: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    ["--config", "asconfig.json", "--outFile", "x64.wasm", "--baseDir", folder],
    {
      readFile: (name, baseDir) => readIfThere(join(baseDir, name), "utf8") ?? null,
      writeFile: (_name, contents) => {
        if (typeof contents !== "string") output = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || output === undefined) {
    throw new Error(`The x86-64 engine does not compile:\n${stderr.toString()}`, { cause: error });
  }
  return new Uint8Array(output);
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  hash.update(readFileSync(join(folder, "asconfig.json")));
  const assembly = join(folder, "assembly");
  const names = readdirSync(assembly, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((file) => file.endsWith(".ts")).sort()) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(assembly, name)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 32);
}

function readIfThere(file: string): Buffer<ArrayBuffer> | undefined;
function readIfThere(file: string, encoding: "utf8"): string | undefined;
function readIfThere(file: string, encoding?: "utf8"): unknown {
  try {
    return encoding === undefined ? readFileSync(file) : readFileSync(file, encoding);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
