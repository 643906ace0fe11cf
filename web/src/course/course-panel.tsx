import type { JSX } from "preact";

export function CoursePanel(): JSX.Element {
  return <div class="bar"><h2 class="bar__title">Course</h2></div>;
}
