import type { Form, OtherForm } from "./forms.js";

/** What became of the cases of a form. */
export interface FormTally {
  cases: number;
  /** How many of them ended in an exception, as the processor said. */
  exceptions: number;
  differences: number;
}

/** What the table says of a form; of {@link Form}, and of those of compatibility mode. */
export type TalliedForm = Pick<Form, "text"> & { readonly encoding: string };

/** Counts cases by their forms, and prints the table. */
export class Tally {
  readonly #forms = new Map<TalliedForm, FormTally>();

  add(form: TalliedForm, isException: boolean, isDifferent: boolean): void {
    const tally = this.#forms.get(form) ?? { cases: 0, exceptions: 0, differences: 0 };
    tally.cases++;
    if (isException) tally.exceptions++;
    if (isDifferent) tally.differences++;
    this.#forms.set(form, tally);
  }

  get cases(): number {
    let sum = 0;
    for (const { cases } of this.#forms.values()) sum += cases;
    return sum;
  }

  get forms(): number {
    return this.#forms.size;
  }

  /** A line for each form: how many cases ran, how many of them ended in an exception. */
  table(): string[] {
    const lines = ["   cases exceptions differences  form"];
    for (const [form, { cases, exceptions, differences }] of this.#forms) {
      const numbers = [String(cases).padStart(8), String(exceptions).padStart(10)];
      numbers.push(String(differences).padStart(11));
      lines.push(`${numbers.join(" ")}  ${form.text} [${form.encoding}]`);
    }
    return lines;
  }
}

/** The forms that are not compared, with the reason; those that are not there by their feature. */
export function tableOfOthers(others: readonly OtherForm[]): string[] {
  const privileged = others.filter(({ scope }) => scope === "privileged");
  const lines = privileged.map(({ text, reason }) => `    none  ${text}: ${reason}`);
  const counts = new Map<string, number>();
  for (const { scope, reason } of others) {
    if (scope !== "privileged") counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of counts) lines.push(`    none  ${count} forms: ${reason}`);
  return lines;
}
