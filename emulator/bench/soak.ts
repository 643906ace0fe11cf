/**
 * `npm run soak`: what only shows after long. Many courses, autopsies and builds in a row, the
 * healthy loads over and over, damaged logs, ELF files and debug information without end, the
 * browser's tests of the page again and again, and the x86-64 engine beside the processor of this
 * machine (gcc is needed) and with random programs. It ends with status 1 at the first thing that misbehaves, and says what
 * it was.
 */
import { parseArgs } from "node:util";
import { soakAutopsies } from "./soak/autopsies.js";
import { soakBuilds } from "./soak/builds.js";
import { soakCourses } from "./soak/courses.js";
import { soakDebugInfo } from "./soak/debug-info.js";
import { soakHealthyLoads } from "./soak/healthy-loads.js";
import { soakLogs } from "./soak/logs.js";
import type { SoakOptions } from "./soak/options.js";
import { soakPage } from "./soak/page.js";
import { soakPageEdits } from "./soak/page-edits.js";
import { soakX64 } from "./soak/x64.js";
import { soakX64Fuzz } from "./soak/x64-fuzz.js";

/** Each part, by the name that `--part` takes. */
const PARTS: Readonly<Record<string, (options: SoakOptions) => Promise<void>>> = {
  courses: soakCourses,
  autopsies: soakAutopsies,
  builds: soakBuilds,
  loads: soakHealthyLoads,
  logs: soakLogs,
  elf: (options) => soakDebugInfo("elf", options),
  dwarf: (options) => soakDebugInfo("dwarf", options),
  edits: soakPageEdits,
  page: soakPage,
  x64: soakX64,
  "x64-fuzz": soakX64Fuzz,
};

const HELP = `usage: npm run soak [-- [--part PART]... [--courses N] [--autopsies N] [--rounds N]
                    [--minutes N] [--seed N]]

  --part PART   only this part, may be repeated: ${Object.keys(PARTS).join(", ")}
  --courses N   how many courses in a row (100)
  --autopsies N how often in a row section 3 is frozen, explained and rescued (200)
  --rounds N    how often in a row all tests of the page in a browser, edits with a build,
                in Node and in a page, and 250,000 cases of x86-64 instructions (20)
  --minutes N   how long each of the other parts goes on (10)
  --seed N      of the random damage (the time)`;

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: Object.keys(PARTS) },
    courses: { type: "string", default: "100" },
    autopsies: { type: "string", default: "200" },
    rounds: { type: "string", default: "20" },
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else {
  const options = {
    courses: Number(values.courses),
    autopsies: Number(values.autopsies),
    rounds: Number(values.rounds),
    minutes: Number(values.minutes),
    seed: Number(values.seed),
  };
  for (const name of values.part) {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`There is no part ${name}.\n${HELP}`);
    await part(options);
  }
}
