// A program without any engine: wasm2c makes C of the game, gcc a program of that, and the hashes are libxxhash's.
import { mkdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type Engine, outputOf, versionOf } from "./engine.js";
import type { Plan } from "./plan.js";

/** Debian's own wasm2c knows no SIMD; this one is newer, and compiled to JavaScript. */
const WASM2C = "node_modules/wabt/bin/wasm2c";
const WASM2C_PACKAGE = "node_modules/wabt/package.json";
const SOURCES = "test/matrix/native";
const HEADERS = ["/usr/include/xxhash.h", "/usr/include/simde"];
const PACKAGES = "libxxhash-dev libsimde-dev; npm ci";

/**
 * As wasm2c's manual says, for NaNs and deep recursion; and no `a * b + c` in one rounding, which gcc would make for arm64.
 * What was generated is not ours to keep free of warnings.
 */
const FLAGS = ["-O2", "-ffp-contract=off", "-fno-optimize-sibling-calls", "-frounding-math", "-fsignaling-nans", "-w"];

interface Target {
  readonly id: string;
  readonly name: string;
  readonly compiler: string;
  readonly flags: readonly string[];
  /** What runs the program, if not the machine. */
  readonly runner: readonly string[];
  readonly install: string;
}

const TARGETS: readonly Target[] = [
  {
    ...{ id: "native", name: "wasm2c and gcc, no engine", compiler: "/usr/bin/gcc", runner: [] },
    // Without it the header of SIMD in C rounds -0.5 up to 0 in f64x2.ceil, not to -0: found by the game of NaNs.
    flags: ["-msse4.1"],
    install: `apt-get install gcc libc6-dev ${PACKAGES}`,
  },
  {
    ...{ id: "arm64-native", name: "wasm2c and gcc for arm64, emulated" },
    ...{ compiler: "/usr/bin/aarch64-linux-gnu-gcc", runner: ["/usr/bin/qemu-aarch64-static"], flags: [] },
    install: `apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static ${PACKAGES}`,
  },
];

function engineOf({ id, name, compiler, flags, runner, install }: Target): Engine {
  return {
    ...{ id, name, install, needs: [WASM2C, compiler, ...HEADERS, ...runner] },
    version: async () => {
      const { version } = JSON.parse(await readFile(WASM2C_PACKAGE, "utf8")) as { version: string };
      const gcc = await versionOf([compiler, "-dumpfullversion"]);
      const qemu = /version (\S+)/.exec(runner[0] === undefined ? "" : await versionOf([runner[0], "--version"]))?.[1];
      return [`wabt ${version}`, `gcc ${gcc}`, ...(qemu === undefined ? [] : [`qemu ${qemu}`])].join(", ");
    },
    play: async (folder, plans) => {
      const lines: string[] = [];
      for (const plan of plans) {
        const program = await programOf(folder, plan, { id, compiler, flags });
        const { frames, configBytes, recordBytes, stateAt = -1, flip = { frame: -1, offset: 0, mask: 0 } } = plan;
        const numbers = [frames, configBytes, recordBytes, stateAt, flip.frame, flip.offset, flip.mask].map(String);
        const command = [...runner, program, join(folder, plan.inputs), ...numbers];
        lines.push((await outputOf(command as [string, ...string[]])).trim());
      }
      return lines;
    },
  };
}

/** The game's program, made when it is first asked for. */
async function programOf(
  folder: string,
  plan: Plan,
  { id, compiler, flags }: Pick<Target, "id" | "compiler" | "flags">,
): Promise<string> {
  const place = join(folder, `${plan.wasm}.c`);
  const program = join(place, id);
  if (await exists(program)) return program;
  if (!(await exists(place))) await translate(join(folder, plan.wasm), place);
  const { state, config, inputs, events } = plan.regions;
  const numbers = {
    ...{ STATE_ADDRESS: state.address, STATE_BYTES: state.size, CONFIG_ADDRESS: config.address },
    ...{ INPUTS_ADDRESS: inputs.address, EVENTS_ADDRESS: events.address },
  };
  const told = Object.entries(numbers).map(([name, value]) => `-D${name}=${value}`);
  const folders = [SOURCES, place].map((path) => `-I${path}`);
  const files = [join(place, "game.c"), `${SOURCES}/main.c`, "-lm", "-static", "-o", program];
  await outputOf([compiler, ...FLAGS, ...flags, ...told, ...folders, ...files]);
  return program;
}

/** The C, and beside it the headers that no target has of its own: they are the same for every processor. */
async function translate(wasm: string, place: string): Promise<void> {
  await mkdir(place);
  await outputOf([process.execPath, WASM2C, wasm, "--module-name=game", "-o", join(place, "game.c")]);
  for (const path of HEADERS) await symlink(path, join(place, path.split("/").at(-1)!));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export const nativeEngines: readonly Engine[] = TARGETS.map(engineOf);
