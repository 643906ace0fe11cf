import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseTar } from "nanotar";
import { readBuildId } from "../../debuginfo/elf/build-id.js";
import { parseElf } from "../../debuginfo/elf.js";
import { KernelIndex } from "../../debuginfo/index.js";
import { SystemMap } from "../../guest/index.js";
import type { Arch, Images } from "../../lab/index.js";
import { readPackIndex } from "../../lab/pack-index.js";
import { entryCode, makeEntryFrames } from "./symbol-file/entry-frames.js";
import { makeKernelSymbolFile } from "./symbol-file/kernel-symbol-file.js";

/** The kernel itself with all of its debug information, where the images were built. */
export const BUILT_VMLINUX = fileURLToPath(
  new URL("../../../kernel-src/built/linux/vmlinux", import.meta.url),
);

/** To be raised when what we make of the same kernel changes. */
const VERSION = 3;
const SOURCE_PACK = "linux-source";
const BITS: Readonly<Record<Arch, 32 | 64>> = { i686: 32, x86_64: 64 };

/** Files of the host that gdb reads for a guest's kernel. */
export interface KernelFiles {
  readonly vmlinux: string;
  /** What gets gdb over the assembly that the kernel is entered by. */
  readonly entryFrames: string;
  /** Where the sources are that came with the images. */
  readonly sources: string;
  /** Where debug information says that they are. */
  readonly sourceRoot: string;
}

export interface KernelFileOptions {
  /** The folder to keep them in; a temporary one is taken where it cannot be written. */
  readonly cache: string;
  /** Files that may be the kernel's own `vmlinux`; the first that is saves making one. */
  readonly candidates: readonly string[];
}

/**
 * Finds or makes them. What is made is kept, since it takes a second or two.
 * @throws LabError (rejects) for images that cannot be read.
 */
export async function kernelFiles(
  images: Images,
  arch: Arch,
  { cache, candidates }: KernelFileOptions,
): Promise<KernelFiles> {
  const unpack = async (path: string): Promise<Uint8Array> =>
    images.source.gunzip(await images.read(`${arch}/${path}`));
  const decoder = new TextDecoder();
  let symbols: Promise<string> | undefined;
  const readSymbols = (): Promise<string> =>
    (symbols ??= unpack("kallsyms.gz").then((map) => decoder.decode(map)));
  const index = await unpack("kernel.gsym.gz");
  const buildId = Buffer.from(new KernelIndex(index).buildId).toString("hex");
  const folder = await writableFolder(cache, `${arch}-${buildId.slice(0, 16)}`);
  const { sources, sourceRoot } = await unpackSources(images, arch, folder);
  const entryFrames = join(folder, `entry-frames-${VERSION}`);
  await makeOnce(entryFrames, async () => {
    const system = new SystemMap(await readSymbols());
    return makeEntryFrames(
      arch,
      entryCode((name) => system.addressOf(name)),
    );
  });
  for (const vmlinux of candidates) {
    if (await isKernel(vmlinux, buildId)) return { vmlinux, entryFrames, sources, sourceRoot };
  }
  const vmlinux = join(folder, `vmlinux-${VERSION}`);
  await makeOnce(vmlinux, async () =>
    makeKernelSymbolFile({
      bits: BITS[arch],
      symbols: await readSymbols(),
      index,
      frames: await unpack("kernel.frames.gz"),
      sourceFolder: sourceRoot,
    }),
  );
  return { vmlinux, entryFrames, sources, sourceRoot };
}

async function writableFolder(cache: string, name: string): Promise<string> {
  const folder = join(cache, name);
  try {
    await mkdir(folder, { recursive: true });
    return folder;
  } catch {
    const other = join(tmpdir(), `kspace-${name}`);
    await mkdir(other, { recursive: true });
    return other;
  }
}

async function unpackSources(
  images: Images,
  arch: Arch,
  folder: string,
): Promise<{ readonly sources: string; readonly sourceRoot: string }> {
  const pack = (await readPackIndex(images, arch)).find(({ name }) => name === SOURCE_PACK);
  if (pack === undefined) return { sources: folder, sourceRoot: folder };
  const packed = await images.read(pack.archive);
  // Other sources may come with the same kernel.
  const identity = (await images.source.sha256(packed)).slice(0, 16);
  const sources = join(folder, `source-${identity}`);
  if (!existsSync(sources)) {
    const unfinished = `${sources}.${randomUUID()}`;
    for (const { name, data } of parseTar(await images.source.gunzip(packed))) {
      if (data === undefined) continue;
      const path = join(unfinished, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, data);
      // gdb warns of sources that are newer than what was made of them.
      await utimes(path, pack.modified, pack.modified);
    }
    await moveInPlace(unfinished, sources);
  }
  return { sources, sourceRoot: pack.root };
}

async function isKernel(path: string, buildId: string): Promise<boolean> {
  try {
    return readBuildId(parseElf(await readFile(path))) === buildId;
  } catch {
    return false;
  }
}

/** Another kspace may do the same at the same time: nobody sees a half of a file. */
async function makeOnce(path: string, make: () => Promise<Uint8Array>): Promise<void> {
  if (existsSync(path)) return;
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, await make());
  await moveInPlace(unfinished, path);
}

async function moveInPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    await rm(from, { recursive: true, force: true });
    // The other one was first.
    if (!existsSync(to)) throw error;
  }
}
