import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/**
 * Expects that axe-core finds nothing in the page as it is once its transitions are over: a colour
 * on its way to another one is nobody's choice.
 * @param rules tags of the rules to look at. Default: all of axe-core's.
 */
export async function axeFindsNothing(
  page: Page,
  what = "the page",
  rules?: readonly string[],
): Promise<void> {
  await page.evaluate(async () => {
    const passing = document
      .getAnimations()
      .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    // What is taken off the page meanwhile is cancelled, and over, too.
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
  // There are no frames in the page, whose results would be put together in a page of its own.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({
    resultTypes: ["violations"],
    ...(rules !== undefined && { runOnly: [...rules] }),
  });
  const { violations } = await axe.analyze();
  // Each with the rule, the element and what would mend it.
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target}\n${failureSummary}`),
  );
  expect(found, `what axe-core finds with ${what}`).toEqual([]);
}
