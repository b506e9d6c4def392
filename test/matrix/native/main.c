// One match in a program without any engine: the game as C, its inputs from a file, and a hash for each state that is not ours.
//
//   main FILE FRAMES CONFIG_BYTES RECORD_BYTES STATE_AT FLIP_AT FLIP_OFFSET FLIP_MASK
//
// FILE holds what lies in the config region, then a record of inputs for each frame. It prints a hash for each state, or
// all bytes of the one at STATE_AT; -1 is no frame. Where the regions lie is told when it is compiled.
#include "game.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static unsigned frame;

_Noreturn void wasm_rt_trap(wasm_rt_trap_t trap) {
#define NAME(name) #name,
  static const char* const names[] = {"NONE", WASM_RT_TRAPS(NAME)};
  printf("trapped in frame %u: %s\n", frame, names[trap]);
  exit(0);
}

static void read_exactly(FILE* file, void* into, size_t bytes) {
  if (bytes != 0 && fread(into, bytes, 1, file) != 1) {
    fprintf(stderr, "the file of inputs ends early\n");
    exit(1);
  }
}

int main(int count, char** words) {
  if (count != 9) return 2;
  FILE* file = fopen(words[1], "rb");
  if (file == NULL) return 2;
  long numbers[9];
  for (int i = 2; i < 9; i++) numbers[i] = strtol(words[i], NULL, 10);
  const long frames = numbers[2], config_bytes = numbers[3], record_bytes = numbers[4], state_at = numbers[5];
  const long flip_at = numbers[6], flip_offset = numbers[7], flip_mask = numbers[8];

  static w2c_game game;
  wasm2c_game_instantiate(&game);
  uint8_t* const memory = w2c_game_memory(&game)->data;
  uint8_t* const state = memory + STATE_ADDRESS;
  read_exactly(file, memory + CONFIG_ADDRESS, (size_t)config_bytes);
  w2c_game_init(&game);
  for (frame = 0;; frame++) {
    if (frame == flip_at) state[flip_offset] ^= (uint8_t)flip_mask;
    if (frame == state_at) {
      for (long at = 0; at < STATE_BYTES; at++) printf("%02x", state[at]);
      return 0;
    }
    if (state_at < 0) printf("%016llx ", (unsigned long long)XXH3_64bits(state, STATE_BYTES));
    if (frame == frames) return 0;
    read_exactly(file, memory + INPUTS_ADDRESS, (size_t)record_bytes);
    memset(memory + EVENTS_ADDRESS, 0, 4);
    w2c_game_step(&game);
  }
}
