import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { autopsyLines } from "../../../emulator/lab/autopsy/autopsy-text.js";
import {
  blockedPlaces,
  evidenceOf,
  holderText,
  isHolderPending,
  toldPlaces,
} from "../../../emulator/lab/autopsy/told-places.js";
import type { Autopsy } from "../../../emulator/lab/index.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import { useLab } from "../lab-context.js";
import type { ShownAutopsy } from "../shown-autopsies.js";
import "./autopsy-card.css";
import { AutopsyPlaces } from "./autopsy-places.js";
import { autopsyCircumstances, autopsyTitle } from "./autopsy-words.js";
import { Card, CardAbout } from "./card.js";
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
  const [body, isSeen] = useIsSeen<HTMLDivElement>();
  const isComplete = !isHolderPending(autopsy);
  useEffect(() => {
    if (isSeen && isComplete && !isPast) store.sawAutopsy(id);
  }, [store, id, isSeen, isComplete, isPast]);
  return (
    <Card
      title={autopsyTitle(autopsy)}
      seconds={autopsy.guestMs / 1000}
      isPast={isPast}
      isFront={isNewest || !isPast}
      bodyRef={body}
    >
      {() => (
        <>
          <p class="report-card__sentence">
            <Sentence text={autopsy.sentence} /> <Holder autopsy={autopsy} />
          </p>
          <AutopsyPlaces places={toldPlaces(autopsy)} />
          <CardAbout
            circumstances={autopsyCircumstances(autopsy)}
            text={() => autopsyLines(autopsy)}
            onDismiss={isPast ? onDismiss : undefined}
          />
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
        </>
      )}
    </Card>
  );
}

/** Who has the lock: that takes a little longer to find out than the rest. */
function Holder({ autopsy }: { readonly autopsy: Autopsy }): JSX.Element | null {
  const { holder } = autopsy;
  if (autopsy.finding.kind !== "spinning-on-lock") return null;
  return (
    <span role="status" class={holder === undefined ? "autopsy-card__pending" : undefined}>
      {holder === undefined ? "Looking for who holds it …" : <Sentence text={holderText(holder)} />}
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
  const lines = evidenceOf(autopsy);
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
