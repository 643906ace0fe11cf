import { parseArgs } from "node:util";
import { BuildError } from "./errors.js";

export interface BuildArguments {
  /** Names of stages; all but those on demand when empty. */
  readonly stages: readonly string[];
  /** Compare with the committed images instead of writing them. */
  readonly check: boolean;
  /** Build even what is up to date. */
  readonly force: boolean;
  readonly help: boolean;
  /** Another folder than `kernel-src/built` to build in. */
  readonly work: string | undefined;
}

/** @param onDemand those of the stages that are only built when they are named */
export function usage(stages: readonly string[], onDemand: readonly string[]): string {
  return `usage: npm run images [-- [STAGE]... [--check] [--force] [--work FOLDER]]

Makes the files below images/ from Debian's packages and the sources below kernel-src/.
A stage whose inputs did not change since its last build is not built again.

  STAGE          only these and what they need: ${stages.join(", ")};
                 only when it is named: ${onDemand.join(", ")}
  --check        build, and compare with the files below images/ instead of writing them;
                 what Debian's archive no longer has in the pinned version is passed over
  --force        build the given stages (or all others), changed or not
  --work FOLDER  build in this folder instead of kernel-src/built
`;
}

/** @throws BuildError `usage` */
export function parseArguments(args: readonly string[], stages: readonly string[]): BuildArguments {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !stages.includes(name));
  if (unknown !== undefined) {
    throw new BuildError(
      "usage",
      `There is no stage "${unknown}". The stages: ${stages.join(", ")}.`,
    );
  }
  const { check = false, force = false, help = false, work } = values;
  return { stages: positionals, check, force, help, work };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean" },
        force: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        work: { type: "string" },
      },
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BuildError("usage", why, { cause });
  }
}
