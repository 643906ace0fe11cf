import type { FileTree } from "../../files/index.js";
import { type BuildSources, ToolchainError } from "../../toolchain/index.js";
import type { LabBuild, LabBuildOptions, ModuleToBuild, ProgramToBuild } from "./build.js";
import type { Builds } from "./builds.js";
import { HomeFolder } from "./home-folder.js";
import { type KbuildMakefile, readFolderMakefile } from "./kbuild-makefile.js";
import { collectForBuild, type NamedSources, pathBelow } from "./source-files.js";
import { EXPORTS_FILE, withoutModule } from "./symvers.js";

const DEFAULT_FOLDER = "/home/student";
const DEFAULT_OPTIONS = ["-g"];

/** Builds in folders of the guest that belong to the host's tree. */
export class LabBuilder {
  readonly #builds: Builds;
  readonly #files: FileTree;
  #lastTurn = 0;

  /** @param files the guest's `/home` */
  constructor(builds: Builds, files: FileTree) {
    this.#builds = builds;
    this.#files = files;
  }

  /** What `Lab.build` does, which see. */
  async build(
    what: ModuleToBuild | ProgramToBuild,
    options: LabBuildOptions = {},
  ): Promise<LabBuild> {
    const turn = ++this.#lastTurn;
    const folder = new HomeFolder(this.#files, what.folder ?? DEFAULT_FOLDER);
    for (const [path, content] of Object.entries(what.files ?? {})) folder.write(path, content);
    return "module" in what
      ? this.#buildModule(turn, folder, what, options)
      : this.#buildProgram(turn, folder, what, options);
  }

  async #buildModule(
    turn: number,
    folder: HomeFolder,
    what: ModuleToBuild,
    { signal, colours = false }: LabBuildOptions,
  ): Promise<LabBuild> {
    const { module: name } = what;
    const makefile = await this.#makefile(folder, what);
    const known = makefile?.modules.find((one) => one.name === name);
    const sources = what.sources ?? known?.sources ?? [`${name}.c`];
    const options = what.options ?? makefile?.options ?? DEFAULT_OPTIONS;
    const sourceOptions = what.options === undefined ? makefile?.sourceOptions : undefined;
    const { module: recipe } = await this.#builds.recipes();
    const given = await this.#given(folder, recipe.tree, {
      sources,
      options,
      ...(sourceOptions && { sourceOptions }),
    });
    const exported = await folder.readText(EXPORTS_FILE);
    const others = withoutModule(exported ?? "", `${folder.name}/${name}`);
    const session = await this.#builds.session();
    this.#throwIfNotLast(turn);
    const exports = others === "" ? [] : [others];
    const build = await session.buildModule({ ...given, name, exports, colours }, signal);
    if (build.outcome !== "built") return build;
    const { module, output, diagnostics } = build;
    const path = folder.write(`${name}.ko`, module);
    const all = others + build.exports;
    if (all !== "" || exported !== undefined) folder.write(EXPORTS_FILE, all);
    return { outcome: "built", path, bytes: module, output, diagnostics };
  }

  async #buildProgram(
    turn: number,
    folder: HomeFolder,
    what: ProgramToBuild,
    { signal, colours = false }: LabBuildOptions,
  ): Promise<LabBuild> {
    const { program: name, sources, options = DEFAULT_OPTIONS } = what;
    if (pathBelow("", name) === undefined) {
      throw new ToolchainError("bad-request", `"${name}" is no name of a program in a folder.`);
    }
    const given = await this.#given(folder, folder.name, { sources, options });
    const session = await this.#builds.session();
    this.#throwIfNotLast(turn);
    const build = await session.buildProgram({ ...given, program: name, colours }, signal);
    if (build.outcome !== "built") return build;
    const { program, output, diagnostics } = build;
    const path = folder.write(name, program, 0o755);
    return { outcome: "built", path, bytes: program, output, diagnostics };
  }

  /** What the folder's Makefile says, where anything is left to it. */
  async #makefile(
    folder: HomeFolder,
    { sources, options }: ModuleToBuild,
  ): Promise<KbuildMakefile | undefined> {
    if (sources !== undefined && options !== undefined) return undefined;
    return readFolderMakefile(folder);
  }

  async #given(
    folder: HomeFolder,
    workingFolder: string,
    build: NamedSources,
  ): Promise<BuildSources> {
    const files = await collectForBuild(folder, build, workingFolder);
    return { ...build, folder: folder.name, files };
  }

  /** Reading its files may have taken an older build longer than a newer one. */
  #throwIfNotLast(turn: number): void {
    if (turn === this.#lastTurn) return;
    throw new ToolchainError("superseded", "A newer build took this one's place.");
  }
}
