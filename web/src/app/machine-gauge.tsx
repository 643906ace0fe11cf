import type { JSX } from "preact";
import { useLab } from "../lab-context.js";
import { formatMips, isDown, STATE_NAMES } from "./machine-text.js";
import "./machine-gauge.css";

/** What the machine does at this moment: its state, its speed, and where the kernel is. */
export function MachineGauge(): JSX.Element {
  const { store } = useLab();
  const { phase } = store.start.value;
  if (phase !== "ready") {
    return (
      <div class="machine-gauge" data-state={phase}>
        <span class="machine-gauge__light" />
        <span class="machine-gauge__state">{phase === "failed" ? "Not started" : "Starting"}</span>
      </div>
    );
  }
  const { state, instructionsPerSecond, place } = store.status.value;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of readings, not of form controls.
    <div class="machine-gauge" role="group" aria-label="Machine" data-state={state}>
      <span class="machine-gauge__light" />
      <span class="machine-gauge__state">{STATE_NAMES[state]}</span>
      <span class="machine-gauge__speed" title="Millions of instructions per second">
        {formatMips(instructionsPerSecond)} <abbr>MIPS</abbr>
      </span>
      <span class="machine-gauge__place" title="Where the kernel is">
        {place ?? (state === "running" ? "in a program" : isDown(state) ? "" : "waiting")}
      </span>
    </div>
  );
}
