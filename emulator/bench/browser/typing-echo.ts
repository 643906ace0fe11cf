import type { LabTab } from "./lab-tab.js";
import type { Echo } from "./page-probe.js";

const KEYS = 15;
/** A key that neither prompt nor numbers contain. */
const MARK = "x";
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
  const idle = await pressKeys(tab, false);
  await tab.interrupt();
  await tab.clear();
  await tab.type(FLOOD);
  await tab.page.waitForFunction(
    (least) => Number(/^\d+$/m.exec(kspaceProbe.screen())?.[0] ?? 0) > least,
    FIRST_NUMBERS,
    { polling: 50 },
  );
  const flood = await pressKeys(tab, true);
  await tab.interrupt();
  return { idle, flood };
}

async function pressKeys(tab: LabTab, isInFlood: boolean): Promise<Echo[]> {
  const echoes: Echo[] = [];
  for (let key = 0; key < KEYS; key++) {
    await tab.page.evaluate(
      ([mark, shown, flooded]) => kspaceProbe.awaitEcho(mark, shown, flooded),
      [MARK, MARK.repeat(key + 1), isInFlood] as const,
    );
    await tab.page.keyboard.press(MARK);
    const found = await tab.page.waitForFunction(() => kspaceProbe.echo, null, { polling: 20 });
    const echo = await found.jsonValue();
    if (echo === undefined) throw new Error("The probe lost an echo.");
    echoes.push(echo);
  }
  return echoes;
}
