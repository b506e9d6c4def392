// One player on the page: the game, and around it what he is told of his connection.
import type { SeatButton } from "./demo-game.js";
import { element, find, write } from "./element.js";
import type { Remedy, Situation } from "./situation.js";
import type { Tone } from "./wording.js";

export interface PanelOptions {
  readonly seat: number;
  readonly onRemedy: (remedy: Remedy) => void;
  readonly onBot: () => void;
  /** Where the other one joins. */
  readonly invitation: () => string;
}

export class Panel {
  readonly root: HTMLElement;
  readonly screen: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly #options: PanelOptions;
  readonly #parts: Readonly<Record<"dot" | "name" | "quality" | "bot" | "sync" | "overlay" | "hud", HTMLElement>>;
  #figures: HTMLElement[] = [];
  #situation = "";

  constructor(options: PanelOptions) {
    this.#options = options;
    const template = find<HTMLTemplateElement>("#player");
    this.root = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    const part = (name: string) => find(`[data-part="${name}"]`, this.root);
    this.#parts = {
      dot: part("dot"),
      name: part("name"),
      quality: part("quality"),
      bot: part("bot"),
      sync: part("sync"),
      overlay: part("overlay"),
      hud: part("hud"),
    };
    this.screen = part("screen");
    this.canvas = part("canvas") as HTMLCanvasElement;
    this.#parts.bot.addEventListener("click", () => options.onBot());
    this.seat(options.seat);
  }

  /** The server may have given another seat than the page asked for. */
  seat(seat: number): void {
    const name = `Player ${seat + 1}`;
    this.root.dataset.seat = String(seat + 1);
    write(this.#parts.name, name);
    this.root.setAttribute("aria-label", name);
    this.canvas.setAttribute("aria-label", `The match as ${name.toLowerCase()} sees it`);
  }

  showButton({ label, title, pressed }: SeatButton): void {
    const { bot } = this.#parts;
    bot.setAttribute("aria-pressed", String(pressed));
    bot.title = title;
    write(bot, label);
  }

  showQuality({ tone, text }: { tone: Tone; text: string }): void {
    this.#parts.dot.dataset.tone = tone;
    write(this.#parts.quality, text);
  }

  showSync({ tone, text }: { tone: Tone | undefined; text: string }): void {
    const { sync } = this.#parts;
    if (tone === undefined) delete sync.dataset.tone;
    else sync.dataset.tone = tone;
    write(sync, text);
  }

  showFigures(figures: readonly (readonly [string, string])[]): void {
    if (this.#figures.length === 0) {
      this.#figures = figures.map(() => element("dd"));
      this.#parts.hud.replaceChildren(
        ...figures.map(([name], index) => element("div", {}, element("dt", {}, name), this.#figures[index]!)),
      );
    }
    figures.forEach(([, value], index) => {
      write(this.#figures[index]!, value);
    });
  }

  showSituation(situation: Situation | undefined): void {
    const { overlay } = this.#parts;
    overlay.hidden = situation === undefined;
    const key = situation === undefined ? "" : `${situation.text} ${situation.remedies.join()}`;
    if (key === this.#situation) return;
    this.#situation = key;
    if (situation === undefined) overlay.replaceChildren();
    else
      overlay.replaceChildren(
        element("p", {}, situation.text),
        ...situation.remedies.flatMap((each) => this.#remedy(each)),
      );
  }

  #remedy(remedy: Remedy): HTMLElement[] {
    const button = (text: string, act: () => void) => {
      const made = element("button", { type: "button" }, text);
      made.addEventListener("click", act);
      return made;
    };
    switch (remedy) {
      case "invite": {
        const address = element("input", {
          readOnly: true,
          value: this.#options.invitation(),
          ariaLabel: "Address for the other player",
        });
        address.addEventListener("focus", () => address.select());
        const copy = button("Copy", () => {
          address.select();
          void navigator.clipboard?.writeText(address.value).then(() => write(copy, "Copied"));
        });
        return [address, copy];
      }
      case "again":
        return [button("New match", () => this.#options.onRemedy("again"))];
      case "reload":
        return [button("Reload", () => this.#options.onRemedy("reload"))];
      default:
        return remedy satisfies never;
    }
  }
}
