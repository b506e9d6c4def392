// The package as npm would ship it: exports that exist, types first, two dependencies, nothing to run at installation.
import { readFile } from "node:fs/promises";
import { publint } from "publint";
import { describe, expect, it } from "vitest";
import * as main from "../src/index.js";
import { MATCH_DEFAULTS } from "../src/wire/match-config.js";

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  scripts: Record<string, string>;
}

const manifest = JSON.parse(await readFile("package.json", "utf8")) as Manifest;

describe("the package", () => {
  it("has nothing that publint objects to", async () => {
    const { messages } = await publint({ pkgDir: ".", strict: true });
    expect(messages).toEqual([]);
  }, 120_000);

  it("needs ws and the loader, and nothing else", () => {
    expect(Object.keys(manifest.dependencies).sort()).toEqual(["@assemblyscript/loader", "ws"]);
  });

  it("hands out the settings that whoever makes a Player or a virtual match would have to guess", () => {
    expect(main.MATCH_DEFAULTS).toBe(MATCH_DEFAULTS);
  });

  it("knows its own version, which reports of a desync tell", () => {
    expect(main.VERSION).toBe(manifest.version);
  });

  it("puts types first in every export, and runs nothing when it is installed", () => {
    for (const target of Object.values(manifest.exports)) {
      if (typeof target === "object") expect(Object.keys(target)[0]).toBe("types");
    }
    for (const name of ["preinstall", "install", "postinstall", "prepare"])
      expect(manifest.scripts).not.toHaveProperty(name);
  });
});
