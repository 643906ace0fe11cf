/** The frozen course, opened up. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { bootLab, type Lab } from "../../node/index.js";
import { outputOf } from "../test-support/guest.js";

let lab: Lab;
beforeAll(async () => {
  lab = await bootLab();
});
afterAll(() => lab.close());

it("section 3", async () => {
  const LOCKING = "/home/student/3-locking";
  outputOf(await lab.insmod(`${LOCKING}/hello.ko`));
  const at: number[] = [];
  lab.onDoom(() => at.push(performance.now()));
  lab.onAutopsy(() => at.push(performance.now()));
  lab.onHolder(() => at.push(performance.now()));
  const result = await lab.run("./a.out", { cwd: LOCKING, user: "student", timeoutMs: 30_000 });
  console.log(at.map((t) => t - (at[0] ?? 0)));
  console.dir(result, { depth: 8 });
  expect(result.autopsy?.finding.kind).toBe("spinning-on-lock");
});
