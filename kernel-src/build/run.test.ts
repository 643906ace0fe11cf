import { afterEach, expect, test, vi } from "vitest";
import { cleanEnvironment } from "./run.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("programs of npm's packages are not in the way of the system's", () => {
  const npm = "/a/node_modules/.bin:/node_modules/.bin:/b/node_modules/npm/node-gyp-bin";
  vi.stubEnv("PATH", `${npm}:/usr/local/bin:/usr/bin`);
  vi.stubEnv("LANG", "de_DE.UTF-8");
  const { PATH, LANG, LC_ALL, CC } = cleanEnvironment({ CC: "clang-16" });
  expect({ PATH, LANG, LC_ALL, CC }).toEqual({
    PATH: "/usr/local/bin:/usr/bin",
    LANG: undefined,
    LC_ALL: "C",
    CC: "clang-16",
  });
});
