import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { ShownReport } from "../shown-reports.js";
import { describeMissing } from "./missing-note.js";

/** What kept a report from being decoded in full, and another try where that may help. */
export function ReportMissing({ shown }: { readonly shown: ShownReport }): JSX.Element | null {
  const { actions, notices } = useLab();
  const isTrying = useSignal(false);
  const { missing } = shown.decoded;
  if (missing.length === 0) return null;
  const tryAgain = async (): Promise<void> => {
    isTrying.value = true;
    try {
      await actions.decodeAgain(shown);
    } catch (error) {
      notices.failed(error);
    }
    isTrying.value = false;
  };
  return (
    <div class="note note--warning report-card__missing">
      {missing.map((one, index) => (
        <p key={index}>{describeMissing(one)}</p>
      ))}
      {missing.some(({ why }) => why === "unreadable") && (
        <button type="button" class="button" disabled={isTrying.value} onClick={tryAgain}>
          <Icon name="reset" />
          {isTrying.value ? "Trying" : "Try again"}
        </button>
      )}
    </div>
  );
}
