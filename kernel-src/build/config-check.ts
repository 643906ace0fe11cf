import { BuildError } from "./errors.js";

/** `CONFIG_X=value` by `CONFIG_X`; an option that is not set has no entry or the value "n". */
export function parseConfig(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split("\n")) {
    const set = /^(CONFIG_\w+)=(.*)$/.exec(line);
    const unset = /^# (CONFIG_\w+) is not set$/.exec(line);
    if (set?.[1] !== undefined) options.set(set[1], set[2] ?? "");
    else if (unset?.[1] !== undefined) options.set(unset[1], "n");
  }
  return options;
}

/**
 * The lines of a fragment that do not hold in a final configuration. Kconfig drops a line
 * without a word when its dependencies are not met.
 */
export function unmetLines(fragment: string, config: string): string[] {
  const final = parseConfig(config);
  return [...parseConfig(fragment)]
    .filter(([name, value]) => (final.get(name) ?? "n") !== value)
    .map(([name, value]) => `${name}=${value} (it is ${final.get(name) ?? "n"})`);
}

/** @throws BuildError `config-mismatch` with the lines that do not hold */
export function checkConfig(what: string, fragment: string, config: string): void {
  const unmet = unmetLines(fragment, config);
  if (unmet.length === 0) return;
  throw new BuildError(
    "config-mismatch",
    `These lines of ${what} do not hold in the final configuration; ` +
      `look for dependencies that are not met:\n  ${unmet.join("\n  ")}`,
  );
}

/** A configuration with the lines of a fragment in the place of its own. */
export function mergeConfig(config: string, fragment: string): string {
  const options = parseConfig(fragment);
  const kept = config.split("\n").filter((line) => {
    const name = /^(?:# )?(CONFIG_\w+)[= ]/.exec(line)?.[1];
    return name === undefined || !options.has(name);
  });
  const lines = [...options].map(([name, value]) =>
    value === "n" ? `# ${name} is not set` : `${name}=${value}`,
  );
  return `${[...kept, ...lines].join("\n")}\n`;
}
