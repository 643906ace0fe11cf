import { bootLab, runCourse } from "../../node/index.js";
import type { SoakOptions } from "./options.js";

export async function soakCourses({ courses }: SoakOptions): Promise<void> {
  for (let round = 1; round <= courses; round++) {
    const start = performance.now();
    await using lab = await bootLab();
    const report = await runCourse(lab);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`course ${round} of ${courses}: ${report.ok ? "ok" : "FAILED"} in ${seconds} s`);
    if (!report.ok) {
      console.log(report.sections.flatMap(({ problems }) => problems).join("\n"));
      process.exit(1);
    }
  }
}
