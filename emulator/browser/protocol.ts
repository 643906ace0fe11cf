/**
 * What passes between a page and the worker with the lab, by comlink. Everything here can be
 * cloned (HTML Living Standard, 2.7.3): maps, typed arrays and bigints included.
 */
import type {
  Autopsy,
  BuildFetch,
  FreezeReason,
  KernelRecord,
  LabBuild,
  LabBuildOptions,
  LabReport,
  LockHolder,
  ModuleToBuild,
  ProgramToBuild,
  Report,
} from "../lab/index.js";

/** Where the worker finds what it fetches. All are URLs. */
export interface LabAssets {
  /** The folder of the images, with a `/` at its end. */
  readonly images: string;
  /** `v86.wasm`. */
  readonly engine: string;
  /** `iced_x86_bg.wasm`. */
  readonly disassembler: string;
  /** Ask the server also for files that the browser has in its cache: after a failed start. */
  readonly fresh?: boolean;
  /** Where debuggers come from, if the page's server offers that. */
  readonly gdb?: GdbBridgeAddress;
}

/** A bridge to a debugger of the user's, which `kspace serve --gdb` offers. */
export interface GdbBridgeAddress {
  /** Of the page's server, with `ws:` or `wss:`. */
  readonly address: string;
  /** What shows the server that it is its own page that asks. */
  readonly token: string;
}

/** What the guest is. */
export interface LabInfo {
  readonly arch: string;
  /** As `uname -r` prints it. */
  readonly kernelRelease: string;
  /** The emulator and its version. */
  readonly engine: string;
  readonly memoryBytes: number;
  /** The user's files that could not be put into the guest. */
  readonly refusedFiles: readonly string[];
}

export type StartEvent =
  /** Bytes of the files that the start needs, together; they come in many small steps. */
  | { readonly step: "download"; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly step: "load" }
  | { readonly step: "restore" };

/** What the machine is doing, by looking at it from outside. */
export interface MachineStatus {
  readonly state: "running" | "idle" | "stalled" | "frozen" | "panicked" | "dead" | "paused";
  readonly instructionsPerSecond: number;
  /** Guest time since power-on. */
  readonly guestMs: number;
  /** `function+0xoffset` in the kernel, or the module; undefined in a program. */
  readonly place: string | undefined;
  /** Of a frozen machine. */
  readonly freeze?: {
    readonly reason: FreezeReason;
    /** For how long nothing else had run when it was found, guest milliseconds. */
    readonly silentMs: number;
    readonly interruptsEnabled: boolean;
  };
  /** Of a panicked or dead machine, a sentence. */
  readonly message?: string;
}

/** A line of /proc/modules. */
export interface LoadedModule {
  readonly name: string;
  /** Bytes of memory. */
  readonly size: number;
  readonly usedBy: readonly string[];
  /** The file that it was loaded from, where that is known: `/home/student/2-fops/hello.ko`. */
  readonly file: string | undefined;
  /** The letters of its taints, as /proc/modules shows them in parentheses; absent if not known. */
  readonly taint?: string;
}

/** What a look into the guest shows. */
export interface GuestView {
  readonly modules: readonly LoadedModule[];
  /** Misc devices that modules have registered, as names below /dev. */
  readonly devices: readonly string[];
  /**
   * The kernel's number of the last message that had come when the look began, -1 for none: what
   * later ones tell of may be missing here.
   */
  readonly asOf: number;
}

/** A state of the guest that one can go back to. */
export interface CheckpointInfo {
  readonly id: number;
  readonly name: string;
  readonly guestMs: number;
  /** Of the host's memory. */
  readonly bytes: number;
}

/** A change of the user's files; paths are the guest's, `/home/student/…`. */
export interface FileEvent {
  readonly path: string;
  /** `made`: a folder. What has gone may have been one, too. */
  readonly change: "written" | "made" | "removed";
  readonly origin: "host" | "guest";
}

/** What becomes of programs or sources that the guest opens and that are not downloaded yet. */
export type PackEvent =
  | { readonly state: "fetching" | "fetched"; readonly pack: string; readonly bytes: number }
  /** The guest's program was told of an I/O error; the next one tries again. */
  | { readonly state: "failed"; readonly pack: string; readonly failure: LabFailure };

/** What is fetched for builds, when one first needs it or was asked to get ready for one. */
export type BuildFetchEvent =
  /** Bytes come in many small steps, and begin anew when a broken download is tried again. */
  | Exclude<BuildFetch, { state: "failed" }>
  /** The build that waits for it ends with the same failure; the next one tries again. */
  | {
      readonly state: "failed";
      readonly part: BuildFetch["part"];
      readonly failure: LabFailure;
    };

/** A file that is no text, such as a module, as the browser keeps it. */
export interface KeptBytes {
  /** What chmod takes. */
  readonly mode: number;
  /** Its content, in the zlib format (RFC 1950) and that in base64. */
  readonly packed: string;
}

/** What the user has made of the course's files, as the browser keeps it; paths in the guest. */
export interface UserFiles {
  /** Texts of files that are the user's own, or that replace the course's. */
  readonly written?: Readonly<Record<string, string>>;
  /** The same of what is no text: what was built, for example. */
  readonly bytes?: Readonly<Record<string, KeptBytes>>;
  /** Files and folders of the course's that shall not be there. */
  readonly removed?: readonly string[];
  /** Folders of the user's own: those with nothing in them would be lost otherwise. */
  readonly folders?: readonly string[];
}

/** What the browser is to keep of a file or folder, by what it is now. */
export type UserChange =
  /** As the course has it; or nothing is there, as in the course; or it is too large. */
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: KeptBytes }
  /** The course's is gone. */
  | { readonly kind: "removed" }
  | { readonly kind: "folder" };

/** What the worker tells the page, in the order in which it happens. */
export type LabEvent =
  | { readonly kind: "start"; readonly start: StartEvent }
  | { readonly kind: "terminal"; readonly bytes: Uint8Array }
  /** The guest went back to a checkpoint: the terminal shows this now. */
  | { readonly kind: "terminal-reset"; readonly backlog: Uint8Array }
  | { readonly kind: "kernel-log"; readonly records: readonly KernelRecord[] }
  /** The guest went back: these are all the messages now. */
  | { readonly kind: "kernel-log-reset"; readonly records: readonly KernelRecord[] }
  | { readonly kind: "report"; readonly report: LabReport }
  /** The guest froze, or tasks in it are blocked: what it shows when it is opened up. */
  | { readonly kind: "autopsy"; readonly autopsy: Autopsy }
  /** Of the lock that the last autopsy found it spinning on. */
  | { readonly kind: "holder"; readonly holder: LockHolder }
  /** The guest went back: it has reported nothing, and nothing was found in it. */
  | { readonly kind: "reports-reset" }
  /** Several times a second while it changes, and at once when the state does. */
  | { readonly kind: "status"; readonly status: MachineStatus }
  | { readonly kind: "guest"; readonly guest: GuestView }
  | { readonly kind: "files"; readonly files: readonly FileEvent[] }
  | { readonly kind: "pack"; readonly fetch: PackEvent }
  | { readonly kind: "build-fetch"; readonly fetch: BuildFetchEvent }
  | { readonly kind: "checkpoints"; readonly checkpoints: readonly CheckpointInfo[] };

/** Errors cross to the page as these: class and stack would not survive the way. */
export interface LabFailure {
  /**
   * The error's own: of the lab, of a build, of the file tree (`ENOENT`) or of the browser, such as
   * `download-failed`; `unexpected` where it has none.
   */
  readonly code: string;
  readonly message: string;
}

export type WhatToBuild = ModuleToBuild | ProgramToBuild;

/** A signal does not cross to the worker: see {@link LabRemote.cancelBuild}. */
export type BuildOptions = Omit<LabBuildOptions, "signal">;

/** What the page can ask of the worker. All methods answer with a promise over comlink. */
export interface LabRemote {
  /**
   * Begins with what {@link start} does, before the page is ready to ask for that: downloads and
   * boots. What goes wrong, the start tells.
   */
  prepare(assets: LabAssets): void;
  /**
   * Starts the guest from its snapshot and tells events until the worker ends.
   * @param assets those of {@link prepare}, if it came before.
   * @param files what the browser has kept of the user's work.
   */
  start(assets: LabAssets, files: UserFiles, onEvent: (event: LabEvent) => void): Promise<LabInfo>;
  /** Keys for the guest's terminal. */
  type(bytes: Uint8Array): void;
  resize(columns: number, rows: number): Promise<void>;
  /** Back to the last checkpoint; settles when the guest has answered, with the milliseconds. */
  rescue(): Promise<number>;
  checkpoint(name: string): Promise<CheckpointInfo>;
  goBackTo(id: number): Promise<number>;
  forgetCheckpoint(id: number): void;
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, content: string): Promise<void>;
  /** Writes a file of any kind into the user's home, and makes the folders on the way. */
  writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file of the user's home, or a folder with all that is in it. */
  removeFile(path: string): Promise<void>;
  /** Moves a file or folder of the user's home; refused (`EEXIST`) where something has that name. */
  renameFile(from: string, to: string): Promise<void>;
  /** Makes a folder in the user's home, and those on the way to it. */
  makeFolder(path: string): Promise<void>;
  /** The names in a folder, sorted; those of folders end with a `/`. */
  listFiles(folder: string): Promise<readonly string[]>;
  /** What is to be kept of a file or folder of the user's home. */
  changeOf(path: string): Promise<UserChange>;
  /** The text of one of the course's files as the course has it; undefined for others. */
  originalOf(path: string): Promise<string | undefined>;
  /** Puts a section's folder and the guest back to how they were at the start. */
  resetFolder(folder: string): Promise<void>;
  /** A source file that debug information names: the user's own, or one of the kernel's. */
  readSource(path: string): Promise<string | undefined>;
  /** Decodes a report once more, when something that it needed could not be downloaded. */
  decodeReport(report: Report): Promise<LabReport>;
  /**
   * Builds a module or program, and puts it into the guest. One that runs ends with the failure
   * `superseded`.
   */
  build(what: WhatToBuild, options?: BuildOptions): Promise<LabBuild>;
  /** Ends the build that runs, with the failure `aborted`. */
  cancelBuild(): void;
  /** Fetches what every build needs, so that the first one need not wait for it. */
  prepareBuilds(): Promise<void>;
}
