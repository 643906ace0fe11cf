import type { LabBuild } from "../../../emulator/lab/build/build.js";
import type { LabActions } from "../lab-actions.js";
import type { BuildPlan } from "./build-plan.js";
import type { JobRecord, StepNews } from "./job.js";
import { countProblems, type Problem, problemsOf } from "./problems.js";

export interface BuildParts {
  readonly actions: Pick<LabActions, "build">;
  /** Gets what is wrong with the sources of something that is built; nothing, when nothing is. */
  readonly onProblems: (file: string, problems: readonly Problem[]) => void;
}

/** Which of a plan's things are built. */
export interface BuildChoice {
  readonly modules: readonly string[];
  readonly test: BuildPlan["test"];
}

/**
 * Builds modules and the program that tries them out, one after the other, until one cannot be.
 * @returns whether all were built
 * @throws what `LabActions.build` throws, and the signal's reason
 */
export async function buildAll(
  folder: string,
  { modules, test }: BuildChoice,
  parts: BuildParts,
  record: JobRecord,
  signal: AbortSignal,
): Promise<boolean> {
  const targets = [
    ...modules.map((module) => ({ file: `${module}.ko`, what: { folder, module } })),
    ...(test === undefined
      ? []
      : [
          {
            file: test.program,
            what: { folder, program: test.program, sources: [test.source] },
          },
        ]),
  ];
  for (const { file, what } of targets) {
    signal.throwIfAborted();
    const step = record.begin({ kind: "build", file });
    const build = await parts.actions.build(what, { colours: true });
    signal.throwIfAborted();
    // clang runs in the kernel's tree for a module, and in the folder for a program.
    const news = newsOf(build, "module" in what ? undefined : folder);
    parts.onProblems(`${folder}/${file}`, news.problems ?? []);
    if (build.outcome !== "built") {
      step.failed(news);
      return false;
    }
    step.done(news);
  }
  return true;
}

function newsOf(build: LabBuild, folder: string | undefined): StepNews {
  if (build.outcome === "built" || build.outcome === "failed") {
    const problems = problemsOf(build.diagnostics, folder);
    const detail = countProblems(problems);
    return { problems, output: build.output, ...(detail !== "" && { detail }) };
  }
  if (build.outcome === "timed-out") {
    const seconds = Math.round(build.afterMs / 1000);
    const why =
      `It was ended after ${seconds} s, a hundred times what a module takes. Does a macro or an ` +
      "#include lead to itself?";
    return { why };
  }
  const what =
    build.outcome === "crashed" ? "The compiler failed" : "The compiler needs more memory";
  return { why: `${what}: ${build.reason}.`, output: build.output };
}
