import type { AxeBuilder } from "@axe-core/playwright";

/** What axe-core finds, each with the rule, the element and what would mend it. */
export async function axeFindings(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}): ${target}\n${failureSummary}`),
  );
}
