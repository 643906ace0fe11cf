import type { LabTab } from "./lab-tab.js";
import type { Echo } from "./page-probe.js";

/** Keys that neither a prompt nor numbers contain, each another one. */
const KEYS = "BCDFGHJKLMQRVWXYZ";
/** Prints without end, and tells by its numbers how far what is shown has come. */
const FLOOD = "seq 1 99999999";
/** So many numbers are out before a key is pressed: the flood has its full speed. */
const FIRST_NUMBERS = 2000;

export interface TypingEcho {
  readonly idle: readonly Echo[];
  readonly flood: readonly Echo[];
}

/** From a key to the screen that shows it, at a prompt and while a program prints without end. */
export async function measureTypingEcho(tab: LabTab): Promise<TypingEcho> {
  await tab.clear();
  const idle = await pressKeys(tab);
  await tab.interrupt();
  await tab.clear();
  await tab.type(FLOOD);
  await tab.page.waitForFunction(
    (least) => Number(/^\d+$/m.exec(kspaceProbe.screen())?.[0] ?? 0) > least,
    FIRST_NUMBERS,
    { polling: 50 },
  );
  const flood = await pressKeys(tab);
  await tab.interrupt();
  return { idle, flood };
}

async function pressKeys({ page }: LabTab): Promise<Echo[]> {
  const echoes: Echo[] = [];
  for (const key of KEYS) {
    await page.evaluate((mark) => kspaceProbe.awaitEcho(mark), key);
    await page.keyboard.press(key);
    const found = await page.waitForFunction(() => kspaceProbe.echo, null, { polling: 20 });
    const echo = await found.jsonValue();
    if (echo === undefined) throw new Error("The probe lost an echo.");
    echoes.push(echo);
  }
  return echoes;
}
