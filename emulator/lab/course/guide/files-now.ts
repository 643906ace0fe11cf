import type { GuideEvent } from "./guide-event.js";
import { type SourceEdit, type SourceState, sourceState } from "./source-edit.js";
import type { SectionPaths } from "./step.js";

interface ModuleFile {
  /** The source as it was then; undefined when it was built before the guide came. */
  readonly builtOf: string | undefined;
}

/** The sections' sources and modules as they are, from what was told of them. */
export class FilesNow {
  readonly #sources = new Map<string, string>();
  /** Undefined for one that is not there; what nobody has told of is not in it. */
  readonly #modules = new Map<string, ModuleFile | undefined>();
  /** Of the texts as they are, by path and patch: it is asked for often. */
  #states = new Map<string, SourceState>();
  /** Grows with all that changes. */
  #version = 0;

  /** The same as long as nothing has changed that can be asked for here. */
  get fingerprint(): string {
    return String(this.#version);
  }

  /** How a section's source stands against its edit; undefined when there is none. */
  stateOf(source: string, edit: SourceEdit): SourceState | undefined {
    const text = this.#sources.get(source);
    if (text === undefined) return undefined;
    const key = `${source} ${edit.patch}`;
    const state = this.#states.get(key) ?? sourceState(text, edit);
    this.#states.set(key, state);
    return state;
  }

  /** How a section's module stands to its source. */
  buildOf({ source, module }: Pick<SectionPaths, "source" | "module">): "none" | "old" | "current" {
    const built = this.#modules.get(module);
    if (built === undefined) return this.#modules.has(module) ? "none" : "current";
    const { builtOf } = built;
    return builtOf !== undefined && builtOf !== this.#sources.get(source) ? "old" : "current";
  }

  source({ path, text }: GuideEvent & { kind: "source" }): void {
    if (text === this.#sources.get(path)) return;
    this.#version++;
    this.#states = new Map();
    if (text === undefined) this.#sources.delete(path);
    else this.#sources.set(path, text);
  }

  /** @param source that of the module's section */
  moduleFile({ path, change }: GuideEvent & { kind: "module-file" }, source: string): void {
    this.#version++;
    const builtOf = change === "built" ? this.#sources.get(source) : undefined;
    this.#modules.set(path, change === "removed" ? undefined : { builtOf });
  }
}
