import { useSignal } from "@preact/signals";
import type { JSX, TargetedSubmitEvent } from "preact";
import { Icon } from "../icons.js";

/** Asks for the name of a new file. */
export function NewFileForm({
  onCreate,
}: {
  /** @returns whether there is one now */
  readonly onCreate: (name: string) => Promise<boolean>;
}): JSX.Element {
  const name = useSignal("");
  const create = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (await onCreate(name.value.trim())) name.value = "";
  };
  return (
    <form class="files-menu__form" onSubmit={(event) => void create(event)}>
      <input
        class="field"
        type="text"
        aria-label="Name of a new file"
        placeholder="name.c"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={name.value}
        onInput={({ currentTarget }) => {
          name.value = currentTarget.value;
        }}
      />
      <button type="submit" class="button">
        <Icon name="plus" />
        New file
      </button>
    </form>
  );
}
