// The command `samestep serve`, called as the shell would.
import { existsSync } from "node:fs";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { serve } from "../../src/cli/commands/serve.js";
import type { Game } from "../../src/simulation/game.js";
import { testGame } from "../games.js";
import { host, player, until } from "./play.js";

let game: Game;
beforeAll(async () => {
  game = await testGame("scramble");
});

function run(...args: string[]) {
  const io = {
    text: "",
    messages: "",
    out(text: string) {
      io.text += text;
    },
    err(text: string) {
      io.messages += text;
    },
  };
  return { code: serve(args, io), io };
}

describe("samestep serve", () => {
  it("prints its address, serves the directory, and ends with 130 on Ctrl-C", async () => {
    const directory = await mkdtemp(join(tmpdir(), "samestep-"));
    await writeFile(join(directory, "index.html"), "page");
    const { code, io } = run(
      "--port",
      "0",
      "--static",
      directory,
      "--no-record",
      "--network",
      "wifi",
      "--loss",
      "2",
      "--log",
    );
    await until(() => io.text !== "");
    expect(await (await fetch(io.text.trim())).text()).toBe("page");
    expect(io.messages).toContain("25 ms each way, jitter 20 ms, loss 2 %");
    expect(io.messages).toContain('"event":"listening"');
    process.emit("SIGINT", "SIGINT");
    expect(await code).toBe(130);
    await expect(fetch(io.text.trim())).rejects.toThrow();
  });

  it("ends with 0 when it is told to end", async () => {
    const { code, io } = run("--port", "0", "--no-record");
    await until(() => io.text !== "");
    process.emit("SIGTERM", "SIGTERM");
    expect(await code).toBe(0);
  });

  it("lets who looks on see each match as much later as --spectator-delay says", async () => {
    const { code, io } = run("--port", "0", "--no-record", "--spectator-delay", "1");
    await until(() => io.text !== "");
    const seats = [{}, {}, { watch: true }];
    const url = io.text.trim();
    const matches = await Promise.all(
      seats.map((more) => player({ url }, game, "ABC", { config: { players: 2, seed: 11 }, ...more })),
    );
    const [first, , spectator] = matches;
    const behind: number[] = [];
    spectator!.on("frame", ({ frame }) => behind.push(first!.stats.frame - frame));
    await until(() => behind.length > 30, 40_000);
    // At most the input delay of what is final was not played yet as he saw it.
    expect(Math.min(...behind)).toBeGreaterThanOrEqual(60 - first!.config.inputDelay);
    expect(Math.min(...behind)).toBeLessThan(75);
    for (const match of matches) match.close();
    process.emit("SIGTERM", "SIGTERM");
    expect(await code).toBe(0);
  });

  it("a port in use ends with 4 and says so", async () => {
    const { server } = await host();
    const { code, io } = run("--port", String(server.port), "--no-record");
    expect(await code).toBe(4);
    expect(io.messages).toMatch(new RegExp(`port ${server.port} is in use.*choose another`));
    await server.close();
  });

  it.each([
    [["--prot", "1"], /did you mean --port/],
    [["--port", "x"], /whole number/],
    [["--network", "wify"], /did you mean wifi/],
    [["--loss", "200"], /percentage/],
    [["--spectator-delay", "60"], /a spectator delay is a whole number of seconds from 0 to 8, not '60'/],
    [["--delay", "-1"], /./],
    [["--record", "a", "--no-record"], /contradict/],
    [["--static", "/nowhere/at/all"], /no directory/],
    [["--static", "package.json"], /--static names a directory, and package.json is none/],
    [["--record", "package.json"], /cannot record to package.json: a file is in its way\. Name another directory/],
    [["--record", "package.json/below"], /a file is in its way/],
    [["extra"], /nothing to do with 'extra'/],
  ])("%j is wrong usage", async (args, message) => {
    const { code, io } = run(...args);
    expect(await code).toBe(2);
    expect(io.messages).toMatch(message);
  });

  it.runIf(existsSync("/proc"))("says so where no directory can be made", async () => {
    const { code, io } = run("--record", "/proc/below");
    expect(await code).toBe(2);
    expect(io.messages).toMatch(/cannot record to \/proc\/below: no directory can be made there/);
  });

  it("makes the directory of the recordings before anybody plays, and says when a match is lost after all", async () => {
    const directory = join(await mkdtemp(join(tmpdir(), "samestep-")), "new", "replays");
    const { code, io } = run("--port", "0", "--record", directory);
    await until(() => io.text !== "");
    expect((await stat(directory)).isDirectory()).toBe(true);
    await rm(directory, { recursive: true });
    await writeFile(directory, "in the way");
    const config = { players: 2, seed: 11 };
    const matches = await Promise.all([1, 2].map(() => player({ url: io.text.trim() }, game, "ABC", { config })));
    await until(() => matches.every(({ stats }) => stats.confirmedEnd > 10));
    for (const match of matches) match.leave();
    process.emit("SIGTERM", "SIGTERM");
    expect(await code).toBe(0);
    expect(io.messages).toMatch(/samestep serve: room ABC: this match is not recorded: /);
  });

  it("explains itself", async () => {
    const { code, io } = run("--help");
    expect(await code).toBe(0);
    expect(io.text).toContain("samestep serve --port 9000 --network mobile");
  });
});
