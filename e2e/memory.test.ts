/** What freezes and rescues leave behind. */
import { heapBytes } from "./support/heap.js";
import { expect, test } from "./support/lab-test.js";

/** V8 goes on compiling what has become warm, which is a tenth of the page's heap in itself. */
const WARM_UP_ROUNDS = 8;
const ROUNDS = 10;

test("ten freezes and rescues leave the heaps of page and worker as they were", async ({
  lab,
  brokenModules,
  page,
  site,
}) => {
  test.setTimeout(240_000);
  await lab.open(site.address);
  await brokenModules.bring(lab, "3-locking");

  const freezeAndRescue = async (): Promise<void> => {
    await lab.freeze();
    await lab.rescue();
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) await freezeAndRescue();
  const before = await heapBytes(page);
  for (let round = 0; round < ROUNDS; round++) await freezeAndRescue();
  const after = await heapBytes(page);

  console.log("heaps before and after, bytes:", before, after);
  expect(after.page).toBeLessThan(before.page * 1.1);
  expect(after.worker).toBeLessThan(before.worker * 1.1);
  expect(after.workerBuffers).toBeLessThan(before.workerBuffers * 1.1);
});
