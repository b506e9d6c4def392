// The keys of the page: nobody's key is somebody else's, and the page says what they do.
import { describe, expect, it } from "vitest";
import { KEY_LINES, KEYS, LAYER_KEY, PAD } from "../../src/demo/fighter/keys.js";
import { SOUND_KEY } from "../../src/demo/keys-card.js";
import { Button } from "../../src/games/fighter/rules.js";

const ALL = Object.values(Button);

describe("key bindings", () => {
  it("conflict with no other player's and with none of the page", () => {
    const codes = [...KEYS.flatMap((keys) => Object.keys(keys)), LAYER_KEY, SOUND_KEY];
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it.each([0, 1])("of seat %i reach every button", (seat) => {
    expect([...new Set(Object.values(KEYS[seat]!))].sort()).toEqual([...ALL].sort());
  });

  it("of a gamepad reach every button", () => {
    expect([...new Set(Object.values(PAD.buttons))].sort()).toEqual([...ALL].sort());
  });

  it("leave the keys alone with which a page is used", () => {
    const codes = KEYS.flatMap((keys) => Object.keys(keys));
    for (const code of ["Tab", "Enter", "Space", "Escape"]) expect(codes).not.toContain(code);
  });

  it.each([0, 1])("of seat %i are all shown", (seat) => {
    const shown = new Set(KEY_LINES[seat]!.flatMap(({ keys }) => keys));
    for (const code of Object.keys(KEYS[seat]!)) expect(shown, code).toContain(capOf(code));
  });
});

function capOf(code: string): string {
  const arrows: Record<string, string> = {
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    Semicolon: ";",
  };
  return arrows[code] ?? code.replace(/^(?:Key|Numpad)/, "");
}
