/**
 * `npm run soak`: many courses in a row, then the healthy loads over and over. It ends with
 * status 1 at the first course that misbehaves and the first load that is taken for a freeze.
 */
import { parseArgs } from "node:util";
import { bootLab, runCourse, succeeded } from "../node/index.js";
import { HEALTHY_LOADS } from "./healthy-loads.js";
import { unpackModules } from "./modules.js";

const { values: options } = parseArgs({
  options: {
    courses: { type: "string", default: "100" },
    minutes: { type: "string", default: "10" },
  },
});

await soakCourses(Number(options.courses));
await soakHealthyLoads(Number(options.minutes));

async function soakCourses(count: number): Promise<void> {
  for (let round = 1; round <= count; round++) {
    const start = performance.now();
    await using lab = await bootLab();
    const report = await runCourse(lab);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`course ${round} of ${count}: ${report.ok ? "ok" : "FAILED"} in ${seconds} s`);
    if (!report.ok) {
      console.log(JSON.stringify(report, null, 2));
      process.exit(1);
    }
  }
}

async function soakHealthyLoads(minutes: number): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  await using lab = await bootLab();
  await unpackModules(lab);
  let alarms = 0;
  lab.onDoom((doom) => {
    alarms++;
    console.log(`FALSE ALARM: ${JSON.stringify(doom)}`);
  });
  for (let round = 1; performance.now() < end; round++) {
    for (const load of HEALTHY_LOADS) {
      const result = await load.run(lab);
      if (!succeeded(result) || alarms > 0) {
        console.log(`FAILED: ${load.name}: ${result.outcome}`);
        console.log(new TextDecoder().decode(result.stderr));
        process.exit(1);
      }
    }
    console.log(`healthy loads, round ${round}: no false alarm`);
  }
}
