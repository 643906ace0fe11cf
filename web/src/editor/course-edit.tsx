import { effect, type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useLab } from "../lab-context.js";
import "./course-edit.css";
import type { CodeParts } from "./load-code.js";
import type { Content, OpenFiles } from "./open-files.js";
import { nameOf } from "./tab-names.js";

interface CourseEditProps {
  readonly parts: CodeParts;
  readonly files: OpenFiles;
  readonly edit: Content & { readonly kind: "edit" };
  /** Is told at how many places the person's source differs. */
  readonly differences: Signal<number | undefined>;
}

/** What a person has changed in a section's source, beside what the course changes there. */
export function CourseEdit({ parts, files, edit, differences }: CourseEditProps): JSX.Element {
  const { source, original, courses } = edit;
  const mine = useSourceText(source);
  const place = useRef<HTMLElement>(null);
  const name = nameOf(source);
  useEffect(
    () =>
      effect(() => {
        const wish = files.wish.value;
        if (wish === undefined || files.content.value.kind !== "edit") return;
        files.granted(wish);
        requestAnimationFrame(() => place.current?.focus());
      }),
    [files],
  );
  useEffect(
    () => () => {
      differences.value = undefined;
    },
    [differences],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="course-edit" aria-label="The edit" tabIndex={0} ref={place}>
      <Side title="Your change" note={mine === courses ? "the same as the course’s" : undefined}>
        {mine !== undefined && mine !== original ? (
          <Difference
            parts={parts}
            path={`your ${name}`}
            before={original}
            after={mine}
            differences={differences}
          />
        ) : (
          <p class="course-edit__none">
            {mine === undefined
              ? `There is no ${name} in this folder now.`
              : `You have changed nothing in ${name} yet.`}
          </p>
        )}
      </Side>
      <Side title="The course’s change">
        <Difference parts={parts} path={`the course’s ${name}`} before={original} after={courses} />
      </Side>
    </section>
  );
}

function Side({
  title,
  note,
  children,
}: {
  readonly title: string;
  readonly note?: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="course-edit__side" aria-label={title}>
      <h2 class="course-edit__title">
        {title}
        {note !== undefined && <span class="course-edit__note">{` (${note})`}</span>}
      </h2>
      {children}
    </section>
  );
}

function Difference({
  parts,
  path,
  before,
  after,
  differences,
}: {
  readonly parts: CodeParts;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly differences?: Signal<number | undefined>;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    const texts = { before: { path, text: before }, after: { path, text: after } };
    const view = new parts.DiffView(place.current, texts, false);
    if (differences !== undefined) differences.value = view.differences;
    return () => view[Symbol.dispose]();
  }, [parts, path, before, after, differences]);
  return <div class="diff-view course-edit__view" ref={place} />;
}

/** The text of a file in the guest as it is, whoever writes it; undefined when it is not there. */
function useSourceText(path: string): string | undefined {
  const { actions } = useLab();
  const text = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let isShown = true;
    const read = async (): Promise<void> => {
      const now = await actions.readFile(path).catch(() => undefined);
      if (isShown) text.value = now;
    };
    void read();
    const listening = actions.onFiles((files) => {
      if (files.some((file) => file.path === path)) void read();
    });
    return () => {
      isShown = false;
      listening[Symbol.dispose]();
    };
  }, [actions, path, text]);
  return text.value;
}
