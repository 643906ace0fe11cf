import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { autopsyLines } from "../../../emulator/lab/autopsy/autopsy-text.js";
import {
  blockedPlaces,
  isHolderPending,
  toldPlaces,
} from "../../../emulator/lab/autopsy/told-places.js";
import type { Autopsy } from "../../../emulator/lab/index.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { ShownAutopsy } from "../shown-autopsies.js";
import "./autopsy-card.css";
import { AutopsyPlaces } from "./autopsy-places.js";
import { autopsyCircumstances, autopsyTitle } from "./autopsy-words.js";
import { CopyButton } from "./copy-button.js";
import "./report-card.css";
import { ReportTrace } from "./report-trace.js";
import { Section } from "./section.js";
import { Sentence } from "./sentence.js";
import { useIsSeen } from "./use-is-seen.js";

/** What was found in a machine that froze, or whose tasks are blocked: who, where and why. */
export function AutopsyCard({
  shown,
  isNewest,
  onDismiss,
}: {
  readonly shown: ShownAutopsy;
  readonly isNewest: boolean;
  readonly onDismiss: () => void;
}): JSX.Element {
  const { store } = useLab();
  const { id, autopsy, isPast } = shown;
  const { finding, frames, holder } = autopsy;
  const [isOpen, setIsOpen] = useState(isNewest || !isPast);
  useEffect(() => setIsOpen(isNewest || !isPast), [isNewest, isPast]);
  const [body, isSeen] = useIsSeen<HTMLDivElement>();
  const isComplete = !isHolderPending(autopsy);
  useEffect(() => {
    if (isSeen && isComplete && !isPast) store.sawAutopsy(id);
  }, [store, id, isSeen, isComplete, isPast]);
  return (
    <details
      class={isPast ? "report-card report-card--past" : "report-card"}
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary class="report-card__summary">
        <h3 class="report-card__title">
          {isPast && <span class="badge report-card__past">before the rescue</span>}
          {visible(autopsyTitle(autopsy))}
        </h3>
        <span class="report-card__time">{`${(autopsy.guestMs / 1000).toFixed(3)} s`}</span>
      </summary>
      {isOpen && (
        <div class="report-card__body" ref={body}>
          <p class="report-card__sentence">
            <Sentence text={autopsy.sentence} /> <Holder autopsy={autopsy} />
          </p>
          <AutopsyPlaces places={toldPlaces(autopsy)} />
          <div class="report-card__about">
            <p class="report-card__circumstances">
              {visible(autopsyCircumstances(autopsy).join(" · "))}
            </p>
            <CopyButton label="Copy as text" text={() => `${autopsyLines(autopsy).join("\n")}\n`} />
            {isPast && (
              <button type="button" class="button button--quiet" onClick={onDismiss}>
                <Icon name="trash" />
                Dismiss
              </button>
            )}
          </div>
          {finding.kind !== "blocked" && frames.length > 0 && (
            <Section title="Trace" isOpen>
              <ReportTrace frames={frames} culprit={undefined} />
            </Section>
          )}
          {holder?.kind === "known" && holder.frames.length > 0 && (
            <Section title="Trace when the lock was acquired">
              <ReportTrace frames={holder.frames} culprit={undefined} />
            </Section>
          )}
          <Blocked autopsy={autopsy} />
          <Evidence autopsy={autopsy} />
        </div>
      )}
    </details>
  );
}

/** Who has the lock: that takes a little longer to find out than the rest. */
function Holder({ autopsy }: { readonly autopsy: Autopsy }): JSX.Element | null {
  const { holder } = autopsy;
  if (autopsy.finding.kind !== "spinning-on-lock") return null;
  return (
    <span role="status" class={holder === undefined ? "autopsy-card__pending" : undefined}>
      {holder === undefined ? (
        "Looking for who holds it …"
      ) : (
        <Sentence text={holder.kind === "known" ? holder.sentence : holder.reason} />
      )}
    </span>
  );
}

function Blocked({ autopsy }: { readonly autopsy: Autopsy }): JSX.Element | null {
  const { blocked: tasks, finding, sentence } = autopsy;
  const isFinding = finding.kind === "blocked";
  if (tasks.length === 0) return null;
  return (
    <Section title={`Asleep, and no signal wakes them (${tasks.length})`} isOpen={isFinding}>
      <ul class="autopsy-card__blocked">
        {tasks.map((blocked) => (
          <li key={blocked.task.pid} class="autopsy-card__task">
            {/* Of one task alone the card has said it. */}
            {blocked.sentence !== sentence && (
              <p class="report-card__sentence">
                <Sentence text={blocked.sentence} />
              </p>
            )}
            <AutopsyPlaces places={blockedPlaces(blocked)} />
            {blocked.frames.length > 0 && (
              <Section
                title={`Trace of ${visible(blocked.task.command)} (pid ${blocked.task.pid})`}
              >
                <ReportTrace frames={blocked.frames} culprit={undefined} />
              </Section>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Evidence({ autopsy }: { readonly autopsy: Autopsy }): JSX.Element | null {
  const { evidence, holder } = autopsy;
  const lines = [...evidence, ...(holder?.kind === "known" ? holder.evidence : [])];
  if (lines.length === 0) return null;
  return (
    <Section title="Evidence">
      <ul class="report-card__evidence">
        {lines.map((line, index) => (
          <li key={index}>
            <Sentence text={line} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
