import { holderText } from "../../lab/autopsy/told-places.js";
import { type Autopsy, bootLab, formatFrame, type Lab, succeeded } from "../../node/index.js";
import type { SoakOptions } from "./options.js";

const LOCKING = "/home/student/3-locking";
/** After a freeze is found: what the machine shows by itself, and the lock's holder. */
const FINDING_MS = 200;
const HOLDER_MS = 1500;

/** Section 3 of the course, frozen, opened up and put back, so many times in one lab. */
export async function soakAutopsies({ autopsies }: SoakOptions): Promise<void> {
  await using lab = await bootLab();
  let first: string | undefined;
  let [slowestFinding, slowestHolder] = [0, 0];
  for (let round = 1; round <= autopsies; round++) {
    const { answer, findingMs, holderMs } = await freezeAndOpen(lab);
    slowestFinding = Math.max(slowestFinding, findingMs);
    slowestHolder = Math.max(slowestHolder, holderMs);
    first ??= answer;
    if (answer !== first) {
      console.log(`FAILED: autopsy ${round} says otherwise than the first:\n${first}\n\n${answer}`);
      process.exit(1);
    }
    await lab.restore();
    const back = await lab.sh("lsmod | grep -q hello && exit 1; echo back");
    if (!succeeded(back)) {
      console.log(`FAILED: after autopsy ${round} the guest is not as it was: ${back.outcome}`);
      process.exit(1);
    }
    if (round % 10 === 0 || round === autopsies) {
      console.log(
        `autopsy ${round} of ${autopsies}: the same answer; slowest finding ` +
          `${Math.round(slowestFinding)} ms (at most ${FINDING_MS}), ` +
          `holder ${Math.round(slowestHolder)} ms (at most ${HOLDER_MS})`,
      );
    }
  }
  console.log(first);
}

async function freezeAndOpen(
  lab: Lab,
): Promise<{ readonly answer: string; readonly findingMs: number; readonly holderMs: number }> {
  const times: number[] = [];
  using _doom = lab.onDoom(() => times.push(performance.now()));
  using _autopsy = lab.onAutopsy(() => times.push(performance.now()));
  using _holder = lab.onHolder(() => times.push(performance.now()));
  await lab.insmod(`${LOCKING}/hello.ko`);
  const { outcome, autopsy } = await lab.run("./a.out", { cwd: LOCKING, user: "student" });
  if (autopsy === undefined) {
    console.log(`FAILED: section 3 ended as ${outcome}, and was not opened.`);
    process.exit(1);
  }
  const [doom = 0, finding = Number.NaN, holder = Number.NaN] = times;
  return { answer: answerOf(autopsy), findingMs: finding - doom, holderMs: holder - doom };
}

/** All that must be the same each time: the loop's own instruction moves. */
function answerOf({ sentence, holder, frames, task, interruptsEnabled }: Autopsy): string {
  const stack = frames.map(({ frame }) =>
    frame.role === "return" ? formatFrame(frame) : frame.symbol,
  );
  const held = holder && holderText(holder);
  const isSame = holder?.kind === "known" && holder.task.pid === task?.pid;
  return [sentence, held, `interrupts ${interruptsEnabled}, same task ${isSame}`, ...stack]
    .join("\n")
    .replace(/\(pid \d+\)/g, "(pid …)");
}
