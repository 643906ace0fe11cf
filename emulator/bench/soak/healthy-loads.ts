import { bootLab, succeeded } from "../../node/index.js";
import { HEALTHY_LOADS } from "../healthy-loads.js";
import { unpackModules } from "../modules.js";
import type { SoakOptions } from "./options.js";

export async function soakHealthyLoads({ minutes }: SoakOptions): Promise<void> {
  const end = performance.now() + minutes * 60_000;
  await using lab = await bootLab();
  await unpackModules(lab);
  let alarms = 0;
  lab.onDoom((doom) => {
    alarms++;
    console.log(`FALSE ALARM: ${JSON.stringify(doom)}`);
  });
  lab.onReport(({ report }) => {
    alarms++;
    console.log(`FALSE ALARM: ${report.title}\n${report.text.join("\n")}`);
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
