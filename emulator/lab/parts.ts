import { FileTree, NinePServer } from "../files/index.js";
import type { Clock } from "../machine/clock.js";
import type { Machine } from "../machine/machine.js";
import { createV86Machine } from "../machine/v86-machine.js";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint.js";
import { type Home, STUDENT, unpackHome } from "./home.js";
import type { Images } from "./images.js";
import { type KernelFacts, parseKernelFacts } from "./kernel-facts.js";
import { ModuleFiles } from "./module-files.js";
import { Packs } from "./packs.js";
import { ReportDecoder } from "./report-decoder.js";
import { type ReadSource, SourceReader } from "./source-reader.js";

const IMAGES = {
  bios: "bios/bios.bin",
  kernelFacts: "i686/kernel.json",
  kernel: "i686/vmlinuz",
  initramfs: "i686/initramfs.cpio.gz",
  snapshot: "i686/snapshot.bin",
  course: "i686/course.tar.gz",
} as const;

/**
 * `tsc=reliable`: the machine's clocks are one clock, so the kernel need not check them
 * against each other. `watchdog_thresh=3`: a soft lockup is reported after 6 s. `loglevel=8`:
 * a console leaves out what is above its level, and the host wants every message.
 */
export const COMMAND_LINE = "console=ttyS0 watchdog_thresh=3 tsc=reliable loglevel=8";

export type LabProgress = { readonly step: "load" | "boot" | "restore" };

export interface LabOptions {
  /** How the student's home begins. Default: `solved`. */
  readonly home?: Home;
  /** Boot the kernel instead of starting from the snapshot of a booted guest. */
  readonly coldBoot?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LabProgress) => void;
  /** Called with the machine before it runs, to watch it from its first instruction on. */
  readonly onMachine?: (machine: Machine) => void;
  /** Let the guest run on when it has panicked or frozen, to see what the kernel says then. */
  readonly runOnWhenDoomed?: boolean;
  /** Default: guest time that follows the host's while the guest runs. */
  readonly clock?: Clock;
  /** What the guest takes for the time at power-on, Unix milliseconds. Default: the host's. */
  readonly powerOnUnixMs?: number;
  /** Source of the guest's random numbers, 32 bits a call. Default: the host's. */
  readonly random32?: () => number;
  /**
   * Whether to note where modules take locks, so that a freeze can be told who holds one.
   * Default: true. Off, nothing is planted in the guest's code.
   */
  readonly lockLog?: boolean;
  /** Sources of modules that were built elsewhere: asked for what the guest does not have. */
  readonly readSource?: ReadSource;
  /** Off for runs that repeat exactly. */
  readonly jit?: boolean;
}

/** What a lab is put together from. */
export interface LabParts {
  readonly machine: Machine;
  readonly kernel: KernelFacts;
  /** The guest's `/home`. */
  readonly files: FileTree;
  readonly packs: Packs;
  readonly server: NinePServer;
  readonly reportDecoder: ReportDecoder;
  readonly sources: SourceReader;
  readonly moduleFiles: ModuleFiles;
  /**
   * Has the one listener called when the guest opens a module's file; who opened it waits for what
   * it returns.
   */
  onModuleOpened(listener: () => void | Promise<void>): void;
  /** Absent for a cold boot. */
  readonly snapshot: Checkpoint | undefined;
}

export async function loadParts(images: Images, options: LabOptions): Promise<LabParts> {
  const { signal, powerOnUnixMs, random32 } = options;
  options.onProgress?.({ step: "load" });
  const read = (path: string): Promise<Uint8Array> => images.read(path, signal);
  const { gunzip } = images.source;
  // Unpacked beside the engine's own start, which takes as long.
  const unpacking = options.coldBoot
    ? undefined
    : read(IMAGES.snapshot).then((bytes) => decodeCheckpoint(bytes, gunzip));
  // Awaited below; without this, an earlier error would leave its rejection unhandled.
  unpacking?.catch(() => undefined);
  const [wasm, bios, facts, course, packs, boot] = await Promise.all([
    images.source.engine(),
    read(IMAGES.bios),
    read(IMAGES.kernelFacts),
    read(IMAGES.course).then(gunzip),
    Packs.open(images, "i686", signal),
    options.coldBoot ? Promise.all([read(IMAGES.kernel), read(IMAGES.initramfs)]) : undefined,
  ]);
  signal?.throwIfAborted();
  let guestMs = (): number => 0;
  // What the guest mounts. Its init knows these two names.
  const tree = new FileTree({
    guestMayWrite: false,
    ...(powerOnUnixMs !== undefined && { now: () => powerOnUnixMs + guestMs() }),
    ...(random32 && { id: String(random32()) }),
  });
  const files = new FileTree({}, { tree, path: "home" });
  unpackHome(files, course, options.home);
  const moduleFiles = new ModuleFiles(tree, "/home");
  let onModuleOpened = (): void | Promise<void> => undefined;
  packs.install(new FileTree({ guestMayWrite: false }, { tree, path: "packs" }));
  // The mount is shared by all users of the guest, so what it creates is the student's.
  const server = new NinePServer(tree, {
    defaultOwner: STUDENT,
    onOpenToRead: (path) => {
      moduleFiles.opened(path);
      return path.endsWith(".ko") ? onModuleOpened() : undefined;
    },
  });
  const kernel = parseKernelFacts(facts);
  const sources = new SourceReader(packs.kernelSources, tree, options.readSource);
  const reportDecoder = new ReportDecoder({
    images,
    kernelRelease: kernel.release,
    moduleFiles: (module) => moduleFiles.candidates(module),
    // A report without its source lines is better than none.
    readSource: (path) => sources.read(path).catch(() => undefined),
  });
  const machine = await createV86Machine({
    wasm,
    bios,
    ...(boot && { boot: { kernel: boot[0], initrd: boot[1], commandLine: COMMAND_LINE } }),
    handle9p: (request, reply) => server.serve(request, reply),
    ...(options.clock && { clock: options.clock }),
    ...(powerOnUnixMs !== undefined && { powerOnUnixMs }),
    ...(random32 && { random32 }),
    ...(options.jit !== undefined && { jit: options.jit }),
  });
  guestMs = () => machine.sample().guestMs;
  try {
    options.onMachine?.(machine);
    const snapshot = await unpacking;
    signal?.throwIfAborted();
    return {
      machine,
      kernel,
      files,
      packs,
      server,
      reportDecoder,
      sources,
      moduleFiles,
      onModuleOpened: (listener) => {
        onModuleOpened = listener;
      },
      snapshot,
    };
  } catch (error) {
    machine.destroy();
    throw error;
  }
}
