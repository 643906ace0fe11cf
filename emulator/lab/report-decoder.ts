import { type DebugInfo, GuardedDebugInfo } from "../debuginfo/index.js";
import {
  type DecodeContext,
  type DecodedReport,
  type Disassembler,
  decodeReport,
  type Fit,
  fitOf,
  icedDisassembler,
  type Report,
  type ReportArch,
} from "../reports/index.js";
import type { Images } from "./images.js";
import { readKernelDebugInfo } from "./kernel-debug-info.js";
import type { ModuleFile } from "./module-files.js";
import { type OpenedModuleFile, openModuleFile } from "./opened-module-file.js";

export interface ReportDecoderOptions {
  readonly images: Images;
  /** `uname -r` of the images' kernel: a report of another one is not decoded with them. */
  readonly kernelRelease: string;
  /** Of the kernel that all reports are of, where that is not the images'. */
  readonly vmlinux?: DebugInfo;
  /** The files that may be those of a module that a report names, the likeliest first. */
  moduleFiles(module: string, report: Report): readonly ModuleFile[];
  /** Reads a source file that the debug information names. */
  readSource(path: string): Promise<string | undefined>;
}

/** What kept a report from being decoded in full. */
export interface MissingDebugInfo {
  /** `kernel`, or the name of the module that it is about. */
  readonly part: "kernel" | "disassembler" | { readonly module: string };
  /**
   * - `absent`: there is no file.
   * - `unfit`: there is one, but of another build: its functions have other sizes.
   * - `stripped`: it has no debug information.
   * - `unreadable`: it is damaged or cannot be loaded, see `reason`.
   */
  readonly why: "absent" | "unfit" | "stripped" | "unreadable";
  readonly reason?: string;
  /** What says so, for a host that has words of its own for it. */
  readonly error?: unknown;
}

export interface LabReport extends DecodedReport {
  readonly missing: readonly MissingDebugInfo[];
}

/** The images' kernel and engine are 32-bit. */
const IMAGES = { arch: "i686", reportArch: "i386" } as const;

/** Decodes reports with what the images and the modules' files say of the code. */
export class ReportDecoder {
  readonly #options: ReportDecoderOptions;
  #disassembler: Promise<Disassembler> | undefined;

  constructor(options: ReportDecoderOptions) {
    this.#options = options;
  }

  async decode(report: Report): Promise<LabReport> {
    const files = new ReportFiles(report, this.#options);
    const disassembler = await this.#loadDisassembler().catch((error: unknown) => {
      files.missing.push(unreadable("disassembler", error));
      return undefined;
    });
    const decoded = await decodeReport(report, {
      disassembler,
      debugInfo: (module) => files.debugInfo(module),
      moduleFile: async (module) => (await files.module(module))?.bytes,
      readSource: (path) => this.#options.readSource(path),
      ...(await files.namesOfAddresses()),
    });
    return { ...decoded, missing: [...files.missing, ...files.damaged()] };
  }

  async #loadDisassembler(): Promise<Disassembler> {
    this.#disassembler ??= this.#options.images.source.disassembler().then(icedDisassembler);
    // The next report tries again.
    this.#disassembler.catch(() => {
      this.#disassembler = undefined;
    });
    return this.#disassembler;
  }
}

/** The files of debug information that fit one report, found when they are first asked for. */
class ReportFiles {
  readonly missing: MissingDebugInfo[] = [];
  readonly #report: Report;
  readonly #options: ReportDecoderOptions;
  readonly #modules = new Map<string, OpenedModuleFile | undefined>();
  #kernel: Promise<GuardedDebugInfo | undefined> | undefined;
  /** All that was given out, by what it is of. */
  readonly #given: { readonly part: MissingDebugInfo["part"]; readonly info: GuardedDebugInfo }[] =
    [];

  constructor(report: Report, options: ReportDecoderOptions) {
    this.#report = report;
    this.#options = options;
  }

  async debugInfo(module: string | undefined): Promise<DebugInfo | undefined> {
    if (module !== undefined) return this.module(module)?.debugInfo;
    this.#kernel ??= this.#findKernel();
    return this.#kernel;
  }

  module(name: string): OpenedModuleFile | undefined {
    if (!this.#modules.has(name)) this.#modules.set(name, this.#findModule(name));
    return this.#modules.get(name);
  }

  /** The images' kernel lies where it was linked to: its addresses have names. */
  async namesOfAddresses(): Promise<Partial<Pick<DecodeContext, "nameOf">>> {
    if (this.#options.vmlinux !== undefined) return {};
    const kernel = await this.debugInfo(undefined);
    if (kernel === undefined) return {};
    return {
      nameOf: (address) => {
        const place = kernel.placeOf(address);
        const symbol = place && kernel.symbolAt(place);
        if (place === undefined || symbol === undefined) return undefined;
        const offset = place.offset - symbol.place.offset;
        return offset === 0 ? symbol.name : `${symbol.name}+0x${offset.toString(16)}`;
      },
    };
  }

  /** What turned out to be damaged on the way. */
  damaged(): MissingDebugInfo[] {
    return this.#given.flatMap(({ part, info }) =>
      info.error === undefined ? [] : [unreadable(part, info.error)],
    );
  }

  async #findKernel(): Promise<GuardedDebugInfo | undefined> {
    const { vmlinux } = this.#options;
    if (vmlinux !== undefined) {
      const fits = fitOf(vmlinux, this.#report, undefined) !== "none";
      return fits ? this.#give("kernel", vmlinux) : this.#miss("kernel", "unfit");
    }
    if (!this.#mayBeOfImages()) return this.#miss("kernel", "absent");
    try {
      const index = await readKernelDebugInfo(this.#options.images, IMAGES.arch);
      const fit = fitOf(index, this.#report, undefined);
      if (this.#isGoodEnough(fit)) return this.#give("kernel", index);
      return this.#miss("kernel", this.#report.kernel === undefined ? "absent" : "unfit");
    } catch (error) {
      this.missing.push(unreadable("kernel", error));
      return undefined;
    }
  }

  #mayBeOfImages(): boolean {
    const { arch, kernel } = this.#report;
    const otherArch = arch !== undefined && arch !== (IMAGES.reportArch satisfies ReportArch);
    return !otherArch && (kernel === undefined || kernel === this.#options.kernelRelease);
  }

  /** A report that does not say which kernel it is of must fit in every frame. */
  #isGoodEnough(fit: Fit): boolean {
    return this.#report.kernel === undefined ? fit === "all" : fit !== "none";
  }

  #findModule(module: string): OpenedModuleFile | undefined {
    let partial: OpenedModuleFile | undefined;
    let problem: MissingDebugInfo = { part: { module }, why: "absent" };
    for (const { bytes } of this.#options.moduleFiles(module, this.#report)) {
      try {
        const opened = openModuleFile(bytes);
        const fit = fitOf(opened.debugInfo, this.#report, module);
        if (fit === "all" || fit === "unknown") return this.#accept(module, opened);
        if (fit === "some") partial ??= opened;
        problem = { part: { module }, why: "unfit" };
      } catch (error) {
        problem = unreadable({ module }, error);
      }
    }
    if (partial !== undefined) return this.#accept(module, partial);
    this.missing.push(problem);
    return undefined;
  }

  #accept(module: string, opened: OpenedModuleFile): OpenedModuleFile {
    this.#given.push({ part: { module }, info: opened.debugInfo });
    if (!opened.file.hasDebugInfo) this.missing.push({ part: { module }, why: "stripped" });
    return opened;
  }

  #give(part: "kernel", debugInfo: DebugInfo): GuardedDebugInfo {
    const info = new GuardedDebugInfo(debugInfo);
    this.#given.push({ part, info });
    return info;
  }

  #miss(part: "kernel", why: MissingDebugInfo["why"]): undefined {
    this.missing.push({ part, why });
  }
}

function unreadable(part: MissingDebugInfo["part"], error: unknown): MissingDebugInfo {
  const reason = error instanceof Error ? error.message : String(error);
  return { part, why: "unreadable", reason, error };
}
