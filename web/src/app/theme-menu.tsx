import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { PopoverMenu } from "./popover-menu.js";
import { THEMES, type Theme } from "./theme.js";
import "./theme-menu.css";

const NAMES: Readonly<Record<Theme, string>> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

export function ThemeMenu(): JSX.Element {
  const { theme } = useLab();
  const group = useId();
  const choice = theme.choice.value;
  return (
    <PopoverMenu icon={choice} name={`Theme: ${NAMES[choice].toLowerCase()}`}>
      <fieldset class="theme-menu">
        <legend class="popover-menu__title">Theme</legend>
        {THEMES.map((each) => (
          <label key={each} class="theme-menu__choice">
            <input
              type="radio"
              name={group}
              checked={each === choice}
              onChange={() => theme.choose(each)}
            />
            <Icon name={each} />
            {NAMES[each]}
          </label>
        ))}
      </fieldset>
    </PopoverMenu>
  );
}
