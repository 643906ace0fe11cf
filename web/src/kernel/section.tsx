import type { ComponentChildren, JSX } from "preact";

/** A part of a card that can be folded. */
export function Section({
  title,
  isOpen = false,
  children,
}: {
  readonly title: string;
  readonly isOpen?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <details class="report-card__section" open={isOpen}>
      <summary>{title}</summary>
      {children}
    </details>
  );
}
