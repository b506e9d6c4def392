// Work in a process of its own: what one bench warms up, litters or deoptimises does not reach the next.
import { fork } from "node:child_process";

/**
 * Runs bench/child/SCRIPT and answers the one message it sends. `through` is a command that becomes Node in the end, with
 * the arguments it is given.
 */
export function answerOf<Answer>(
  script: string,
  args: readonly string[],
  flags: readonly string[] = [],
  through: readonly string[] = [process.execPath],
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const [execPath, ...before] = through;
    const child = fork(`bench/build/child/${script}.js`, args, {
      ...{ execPath, execArgv: [...before, ...flags], serialization: "advanced" },
    });
    let answer: { value: Answer } | undefined;
    child.on("message", (value) => {
      answer = { value: value as Answer };
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (answer !== undefined && code === 0) resolve(answer.value);
      else
        reject(
          new Error(`bench/child/${script} ${args.join(" ")} ended with code ${code}; what it printed stands above`),
        );
    });
  });
}

/** What a child answers to the process that waits for it. */
export function answer(value: unknown): void {
  process.send!(value);
}
