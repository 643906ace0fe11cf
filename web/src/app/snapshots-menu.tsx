import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { CheckpointInfo } from "../../../emulator/browser/protocol.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { formatBytes, formatMs, isDown } from "./machine-text.js";
import { PopoverMenu } from "./popover-menu.js";
import "./snapshots-menu.css";

/** The states of the guest that one can go back to. */
export function SnapshotsMenu(): JSX.Element {
  const { store, actions, panes } = useLab();
  const name = useSignal("");
  const busy = useSignal(false);
  const outcome = useSignal("");
  const checkpoints = store.checkpoints.value;
  const ready = store.start.value.phase === "ready";
  const down = isDown(store.status.value.state);

  /** One thing at a time, and then what came of it. */
  const attempt = async (work: () => Promise<string>): Promise<void> => {
    if (busy.value) return;
    busy.value = true;
    try {
      outcome.value = await work();
    } catch (error) {
      outcome.value = error instanceof Error ? error.message : String(error);
    }
    busy.value = false;
  };

  const take = (event: Event): void => {
    event.preventDefault();
    void attempt(async () => {
      const taken = await actions.checkpoint(name.value.trim() || nextName(checkpoints));
      name.value = "";
      return `Taken: ${taken.name}.`;
    });
  };

  const goBack = ({ id, name }: CheckpointInfo): Promise<void> =>
    attempt(async () => {
      const ms = await actions.goBackTo(id);
      panes.show("terminal");
      return `Back at ${name}: the machine answered after ${formatMs(ms)}.`;
    });

  const forget = ({ id, name }: CheckpointInfo): Promise<void> =>
    attempt(async () => {
      await actions.forgetCheckpoint(id);
      return `Forgotten: ${name}.`;
    });

  return (
    <PopoverMenu icon="snapshot" name="Snapshots" word="Snapshots">
      <section class="snapshots-menu" aria-label="Snapshots">
        <h2 class="popover-menu__title">Snapshots</h2>
        <p class="snapshots-menu__explanation">
          A snapshot holds the whole machine but your files: going back takes no edit from you.
        </p>
        <ul class="snapshots-menu__list">
          {checkpoints.map((checkpoint) => (
            <li key={checkpoint.id} class="snapshots-menu__item">
              <span class="snapshots-menu__name">{checkpoint.name}</span>
              <span class="snapshots-menu__facts">
                at {formatMs(checkpoint.guestMs)}, {formatBytes(checkpoint.bytes)}
              </span>
              <button
                type="button"
                class="button"
                disabled={busy.value}
                aria-label={`Go back to ${checkpoint.name}`}
                onClick={() => void goBack(checkpoint)}
              >
                Go back
              </button>
              <button
                type="button"
                class="icon-button"
                disabled={busy.value || checkpoints.length < 2}
                aria-label={`Forget ${checkpoint.name}`}
                title="Forget"
                onClick={() => void forget(checkpoint)}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
        <form class="snapshots-menu__take" onSubmit={take}>
          <input
            class="field"
            type="text"
            maxLength={40}
            aria-label="Name of a new snapshot"
            placeholder={nextName(checkpoints)}
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
            }}
          />
          <button
            type="submit"
            class="button button--primary"
            disabled={!ready || down || busy.value}
          >
            Take
          </button>
        </form>
        <p role="status" class="snapshots-menu__outcome">
          {outcome.value || (down ? "A machine that is down has no state worth keeping." : "")}
        </p>
      </section>
    </PopoverMenu>
  );
}

function nextName(checkpoints: readonly CheckpointInfo[]): string {
  for (let number = checkpoints.length; ; number++) {
    const name = `Snapshot ${number}`;
    if (!checkpoints.some((checkpoint) => checkpoint.name === name)) return name;
  }
}
