import { expect, test } from "vitest";
import { checkConfig, mergeConfig, parseConfig, unmetLines } from "./config-check.js";

const fragment = `# A comment that is no option
CONFIG_SLUB=y
# CONFIG_SLOB is not set
CONFIG_HOSTNAME="kspace"
CONFIG_TIMEOUT=60
`;

test("holds when each line is there, or is off because nothing asks about it", () => {
  const config = 'CONFIG_SLUB=y\nCONFIG_HOSTNAME="kspace"\nCONFIG_TIMEOUT=60\nCONFIG_OTHER=y\n';
  expect(unmetLines(fragment, config)).toEqual([]);
});

test("names each line that does not hold, and what is there instead", () => {
  const config = "CONFIG_SLOB=y\n# CONFIG_SLUB is not set\nCONFIG_TIMEOUT=21\n";
  expect(unmetLines(fragment, config)).toEqual([
    "CONFIG_SLUB=y (it is n)",
    "CONFIG_SLOB=n (it is y)",
    'CONFIG_HOSTNAME="kspace" (it is n)',
    "CONFIG_TIMEOUT=60 (it is 21)",
  ]);
  expect(() => checkConfig("i686.config", fragment, config)).toThrow(
    "These lines of i686.config do not hold",
  );
});

test("merging puts the fragment's lines in the place of the others", () => {
  const merged = mergeConfig("CONFIG_SLOB=y\nCONFIG_KEPT=m\nCONFIG_TIMEOUT=21\n", fragment);
  expect(Object.fromEntries(parseConfig(merged))).toEqual({
    CONFIG_KEPT: "m",
    CONFIG_SLUB: "y",
    CONFIG_SLOB: "n",
    CONFIG_HOSTNAME: '"kspace"',
    CONFIG_TIMEOUT: "60",
  });
});
