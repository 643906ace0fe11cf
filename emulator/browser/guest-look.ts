import {
  type Checkpoint,
  type Lab,
  type ModuleFile,
  type ModuleInMemory,
  modulesInMemory,
  succeeded,
} from "../lab/index.js";
import { type ProcModule, parseModuleInodes, parseModulesAndMisc } from "./proc-files.js";
import type { GuestView, LoadedModule } from "./protocol.js";

/** A guest that has been quiet for so long has probably done what it was told. */
const QUIET_MS = 100;
/** One that is never quiet is looked into nevertheless. */
const LONGEST_WAIT_MS = 700;
/** Between two looks, which take the guest some 20 ms. */
const SHORTEST_GAP_MS = 250;
/** Guest milliseconds; a guest that is so busy is looked into later. */
const LOOK_LIMIT_MS = 3000;

/**
 * A module as it was loaded once. The inode of its folder in /sys tells a second load of a
 * module from the first one: the kernel numbers them anew each time.
 */
interface LoadedOnce {
  readonly inode: string | undefined;
  readonly file: ModuleFile | undefined;
}

/** By the module's name. */
type KnownModules = ReadonlyMap<string, LoadedOnce>;

type ToldView = Omit<GuestView, "asOf">;

const NOTHING_LOADED: ToldView = { modules: [], devices: [] };

/** What was known of the guest at a checkpoint. */
interface KnownGuest {
  readonly modules: KnownModules;
  readonly view: ToldView;
}

/**
 * Looks into the guest after something happened there: which modules and devices it has. It
 * asks by small commands of its own while the guest is alive, and else reads its memory.
 */
export class GuestLook implements Disposable {
  readonly #lab: Lab;
  readonly #tell: (guest: GuestView) => void;
  readonly #atCheckpoints = new WeakMap<Checkpoint, KnownGuest>();
  #known: KnownModules = new Map();
  #view = NOTHING_LOADED;
  /** Devices of the kernel's own; undefined before the first look. */
  #ownDevices: ReadonlySet<string> | undefined;
  #told = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the first activity that was not looked at; undefined when there is none. */
  #activeSince: number | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** The look after the one that is under way. */
  #nextLook: Promise<void> | undefined;
  /** Grows when the guest goes back: what a look before that saw is of another guest. */
  #epoch = 0;
  #isClosed = false;

  constructor(lab: Lab, tell: (guest: GuestView) => void) {
    this.#lab = lab;
    this.#tell = tell;
    void this.look();
  }

  /** Something happened in the guest: a look is due. */
  activity(): void {
    const now = performance.now();
    this.#activeSince ??= now;
    const due = Math.max(
      Math.min(now + QUIET_MS, this.#activeSince + LONGEST_WAIT_MS),
      this.#lastLook + SHORTEST_GAP_MS,
    );
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), due - now);
  }

  /**
   * Looks at the guest as it is from now on: once more if a look is under way. Never rejects;
   * without an answer nothing is told.
   */
  look(): Promise<void> {
    if (this.#looking === undefined) return this.#beginLook();
    this.#nextLook ??= this.#looking.then(() => {
      this.#nextLook = undefined;
      return this.#beginLook();
    });
    return this.#nextLook;
  }

  /**
   * The guest answers no more, and may have come to its end before anybody looked: its modules are
   * read from its memory. Never rejects; where that cannot be read nothing is told.
   */
  async lookAtMemory(): Promise<void> {
    const epoch = this.#epoch;
    const asOf = this.#lastMessage();
    let modules: readonly LoadedModule[];
    try {
      const loaded = modulesInMemory(await this.#lab.openedKernel());
      modules = loaded.map((module) => this.#asTold(module));
    } catch {
      return;
    }
    if (epoch !== this.#epoch || this.#isClosed) return;
    this.#show({ modules, devices: this.#view.devices }, asOf);
  }

  /** A checkpoint was made: what is known now will be known of its guest. */
  remember(checkpoint: Checkpoint): void {
    this.#atCheckpoints.set(checkpoint, { modules: this.#known, view: this.#view });
  }

  /**
   * The guest went back. What it had then is told at once, so that nobody takes the modules of
   * the past that it has left for its own.
   */
  reset(checkpoint: Checkpoint): void {
    this.#epoch++;
    // The lab's first checkpoint was made before anybody looked: nothing is loaded there.
    const known = this.#atCheckpoints.get(checkpoint);
    this.#known = known?.modules ?? new Map();
    this.#told = "";
    this.#show(known?.view ?? NOTHING_LOADED, this.#lastMessage());
    this.activity();
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #beginLook(): Promise<void> {
    this.#looking = this.#lookOnce().finally(() => {
      this.#looking = undefined;
      this.#lastLook = performance.now();
    });
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.#activeSince = undefined;
    const { machine, doom, verdict } = this.#lab;
    if (this.#isClosed || !machine.running || doom !== undefined) return;
    // What it would say is that it does not answer, which the watchdog sees as well.
    if (verdict.state !== "alive") return this.activity();
    const epoch = this.#epoch;
    const asOf = this.#lastMessage();
    const listing = await this.#ask("/bin/cat", ["/proc/modules", "/proc/misc"]);
    if (listing === undefined) return;
    const { modules, devices } = parseModulesAndMisc(textOf(listing));
    const inodes = parseModuleInodes(await this.#askForInodes(modules));
    const known = await this.#learn(modules, inodes);
    if (epoch !== this.#epoch || this.#isClosed) return;
    this.#known = known;
    this.#ownDevices ??= new Set(modules.length === 0 ? devices : []);
    const own = this.#ownDevices;
    const view = {
      modules: modules.map(({ name, size, usedBy, taint }) => ({
        name,
        size,
        usedBy,
        taint,
        file: this.#known.get(name)?.file?.path,
      })),
      devices: devices.filter((device) => !own.has(device)),
    };
    this.#show(view, asOf);
  }

  #lastMessage(): number {
    return this.#lab.kernelLog().at(-1)?.sequence ?? -1;
  }

  async #askForInodes(modules: readonly ProcModule[]): Promise<string> {
    if (modules.length === 0) return "";
    const folders = modules.map(({ name }) => `/sys/module/${name}`);
    return textOf(await this.#ask("/bin/ls", ["-di", ...folders]));
  }

  /** Finds the files of the modules that were not there at the last look. */
  async #learn(
    modules: readonly ProcModule[],
    inodes: ReadonlyMap<string, string>,
  ): Promise<KnownModules> {
    const before = this.#known;
    const known = new Map<string, LoadedOnce>();
    for (const { name } of modules) {
      const inode = inodes.get(name);
      const one = before.get(name);
      const isSame = one !== undefined && one.inode === inode;
      known.set(name, isSame ? one : { inode, file: await this.#fileOf(name) });
    }
    return known;
  }

  /** As the last look saw it, unless another one was loaded under its name since. */
  #asTold({ name, size, notes }: ModuleInMemory): LoadedModule {
    const file = this.#fileWith(name, notes)?.path;
    const before = this.#view.modules.find((module) => module.name === name);
    const isSame = before !== undefined && before.file === file && before.size === size;
    return isSame ? before : { name, size, usedBy: [], file };
  }

  async #fileOf(module: string): Promise<ModuleFile | undefined> {
    const notes = await this.#ask("/bin/cat", [`/sys/module/${module}/notes/.note.gnu.build-id`]);
    return this.#fileWith(module, notes);
  }

  #fileWith(module: string, notes: Uint8Array | undefined): ModuleFile | undefined {
    try {
      return this.#lab.moduleFile(module, notes);
    } catch {
      return this.#lab.moduleFile(module); // Whoever is root can put anything in their place.
    }
  }

  #show(view: ToldView, asOf: number): void {
    this.#view = view;
    const text = JSON.stringify(view);
    if (text === this.#told) return;
    this.#told = text;
    this.#tell({ ...view, asOf });
  }

  async #ask(program: string, args: readonly string[]): Promise<Uint8Array | undefined> {
    try {
      const result = await this.#lab.run(program, { args, timeoutMs: LOOK_LIMIT_MS });
      return succeeded(result) ? result.stdout : undefined;
    } catch {
      return undefined; // The lab was closed.
    }
  }
}

function textOf(bytes: Uint8Array = new Uint8Array()): string {
  return new TextDecoder().decode(bytes);
}
