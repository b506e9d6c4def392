// Where the host and the game meet: fixed cells of memory outside the state, described in the schema.
// Every game reaches this file, whatever of the SDK it names; assertions must find theirs.
import "./trap";

export const PLAYERS_MAX: i32 = INPUT_CELLS;

/** Before each player's input bytes: presence u8, reserved u8, length u16, reserved u32. */
export const INPUT_HEADER: i32 = 8;
/** From one player's input to the next. */
export const INPUT_STRIDE: i32 = INPUT_HEADER + INPUT_BYTES;
/** Before the @config class: players u32, seed low u32, seed high u32, reserved u32. */
export const CONFIG_HEADER: i32 = 16;
/** One page of a desktop: some 200 events of 16 bytes, which is more than a frame can show or sound. */
export const EVENTS_BYTES: i32 = 4096;
/** Set, message, file, line, column: five u32. */
export const TRAP_BYTES: i32 = 20;
export const PHASE_BYTES: i32 = 4;

export const config: usize = memory.data(CONFIG_HEADER + CONFIG_BYTES, 16);
export const inputs: usize = memory.data(PLAYERS_MAX * INPUT_STRIDE, 16);
export const events: usize = memory.data(EVENTS_BYTES, 16);
export const trap: usize = memory.data(TRAP_BYTES, 16);
export const phaseCell: usize = memory.data(PHASE_BYTES, 16);
