// What errors of the system say, as a person would say it.

/** What an error says, if it is one: anything can be thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Why a file could not be read. */
export function whyUnread(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "there is no such file";
  return error.code === "EISDIR" ? "it is a directory" : `it cannot be read: ${error.message}`;
}
