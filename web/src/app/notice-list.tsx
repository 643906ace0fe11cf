import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import "./notice-list.css";

/** The notices, over everything else that is not a menu. */
export function NoticeList(): JSX.Element {
  const { notices } = useLab();
  return (
    <div class="notice-list-place">
      <div class="notice-list" role="log" aria-label="Notices">
        {notices.list.value.map(({ id, kind, text, action }) => (
          <div key={id} class={`notice note note--${kind}`}>
            <p class="notice__text">{text}</p>
            {action !== undefined && (
              <button type="button" class="button" onClick={action.run}>
                {action.name}
              </button>
            )}
            <button
              type="button"
              class="icon-button"
              aria-label="Dismiss"
              onClick={() => notices.dismiss(id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}
