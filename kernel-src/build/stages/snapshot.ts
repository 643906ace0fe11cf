import {
  type CommandResult,
  encodeCheckpoint,
  type ImageSource,
  Images,
  Lab,
  succeeded,
} from "../../../emulator/lab/index.js";
import { instructionClock } from "../../../emulator/machine/clock.js";
import { nodeImageSource } from "../../../emulator/node/image-source.js";
import { BuildError } from "../errors.js";
import type { Stage } from "../stage.js";
import type { Workspace } from "../workspace.js";

/** What the guest is booted from. */
const BOOT_IMAGES = [
  "bios/bios.bin",
  "i686/vmlinuz",
  "i686/initramfs.cpio.gz",
  "i686/kernel.json",
  "i686/course.tar.gz",
  "i686/packs.json.gz",
];

/** The guest's date in the snapshot; the real one is set when it is restored. */
const POWER_ON_UNIX_MS = Date.UTC(2026, 0, 1);
/** Seed of what the guest takes for a hardware random number generator. */
const RANDOM_SEED = 0x6b73_7061;

/**
 * Only pages that are not all zero go into the snapshot, so memory that is free, but was
 * written to once (the compressed kernel lay there), is filled with zeros and freed again.
 */
const ZERO_FREE_MEMORY = `
  set -e
  reserve=$(cat /proc/sys/vm/min_free_kbytes)
  echo 64 > /proc/sys/vm/min_free_kbytes
  mount -o remount,size=100% /tmp
  free_kb=$(awk '/^MemFree/ { print $2 }' /proc/meminfo)
  dd if=/dev/zero of=/tmp/zero bs=4k count=$(((free_kb - 512) / 4)) 2>/dev/null
  rm /tmp/zero
  mount -o remount,size=50% /tmp
  echo "$reserve" > /proc/sys/vm/min_free_kbytes
`;

/** A guest at its prompt, saved. Time and randomness are fixed, so it is the same each time. */
export const snapshot: Stage = {
  name: "snapshot",
  title: "Snapshot of the booted guest",
  needs: ["kernel", "userland", "course", "packs", "bios"],
  packages: [],
  inputs: [
    "build/stages/snapshot.ts",
    "../emulator/machine",
    "../emulator/console",
    "../emulator/files",
    "../emulator/lab",
    "../package-lock.json",
  ],
  outputs: ["i686/snapshot.bin"],
  async build(workspace) {
    const images = await Images.open(await imageSource(workspace));
    await using lab = await Lab.boot(images, {
      coldBoot: true,
      clock: instructionClock(),
      jit: false,
      powerOnUnixMs: POWER_ON_UNIX_MS,
      random32: xorshift32(RANDOM_SEED),
    });
    mustSucceed(await lab.sh(ZERO_FREE_MEMORY));
    const checkpoint = await lab.checkpoint();
    const file = await encodeCheckpoint(checkpoint, (bytes) => workspace.gzip(bytes));
    await workspace.writeOutput("i686/snapshot.bin", file);
  },
};

/** The images just built, which no manifest lists yet. */
async function imageSource(workspace: Workspace): Promise<ImageSource> {
  const built = nodeImageSource(workspace.output("."));
  const files = BOOT_IMAGES.map(async (path) => {
    const bytes = await built.readImage(path);
    return { path, bytes: bytes.length, sha256: await built.sha256(bytes) };
  });
  const manifest = JSON.stringify({ files: await Promise.all(files) });
  return {
    ...built,
    readImage: async (path, signal) =>
      path === "manifest.json" ? new TextEncoder().encode(manifest) : built.readImage(path, signal),
  };
}

function mustSucceed(result: CommandResult): void {
  if (succeeded(result)) return;
  const said = new TextDecoder().decode(result.stderr);
  throw new BuildError(
    "command-failed",
    `The guest could not be prepared: ${result.outcome} ${said}`,
  );
}

/** Marsaglia, "Xorshift RNGs" (2003): small, and the same everywhere. */
function xorshift32(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state | 0;
  };
}
