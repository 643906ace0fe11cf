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
  const mine = useSource(source);
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
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="course-edit" aria-label="The edit" tabIndex={0} ref={place}>
      <Side
        title="Your change"
        note={mine?.text === courses ? "the same as the course’s" : undefined}
      >
        {mine !== undefined && mine.text === undefined && (
          <p class="course-edit__none">{`There is no ${name} in this folder now.`}</p>
        )}
        {mine?.text === original && (
          <p class="course-edit__none">{`You have changed nothing in ${name} yet.`}</p>
        )}
        {mine?.text !== undefined && mine.text !== original && (
          <Difference
            parts={parts}
            path={`your ${name}`}
            before={original}
            after={mine.text}
            differences={differences}
          />
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
    return () => {
      if (differences !== undefined) differences.value = undefined;
      view[Symbol.dispose]();
    };
  }, [parts, path, before, after, differences]);
  return <div class="diff-view course-edit__view" ref={place} />;
}

interface Source {
  /** Undefined when it is not there. */
  readonly text: string | undefined;
}

/** A file in the guest as it is, whoever writes it; undefined until it has been read. */
function useSource(path: string): Source | undefined {
  const { actions } = useLab();
  const source = useSignal<Source | undefined>(undefined);
  useEffect(() => {
    let isShown = true;
    const read = async (): Promise<void> => {
      const text = await actions.readFile(path).catch(() => undefined);
      if (isShown) source.value = { text };
    };
    void read();
    const listening = actions.onFiles((files) => {
      if (files.some((file) => file.path === path)) void read();
    });
    return () => {
      isShown = false;
      listening[Symbol.dispose]();
    };
  }, [actions, path, source]);
  return source.value;
}
