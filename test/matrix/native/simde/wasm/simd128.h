// SIMD in C, from the header of that name behind this one, but for what that takes otherwise than WebAssembly does.
#include_next <simde/wasm/simd128.h>

// For x86 it takes the processor's min and max, which give the second of two zeros: min(-0, 0) is -0, in any order.
#if !defined(SIMDE_ARM_NEON_A32V7_NATIVE)
#define SAMESTEP_LANES(shape, type, lanes, name, FIRST)                                                   \
  static inline simde_v128_t samestep_##shape##_##name(simde_v128_t x, simde_v128_t y) {                  \
    type a[lanes], b[lanes];                                                                              \
    simde_wasm_v128_store(a, x), simde_wasm_v128_store(b, y);                                             \
    for (int i = 0; i < lanes; i++)                                                                       \
      if (a[i] == a[i] && (b[i] != b[i] || !(FIRST))) a[i] = b[i];                                        \
    return simde_wasm_v128_load(a);                                                                       \
  }
#define SAMESTEP_MIN (a[i] < b[i] || (a[i] == b[i] && __builtin_signbit(a[i])))
#define SAMESTEP_MAX (a[i] > b[i] || (a[i] == b[i] && !__builtin_signbit(a[i])))
SAMESTEP_LANES(f32x4, float, 4, min, SAMESTEP_MIN)
SAMESTEP_LANES(f32x4, float, 4, max, SAMESTEP_MAX)
SAMESTEP_LANES(f64x2, double, 2, min, SAMESTEP_MIN)
SAMESTEP_LANES(f64x2, double, 2, max, SAMESTEP_MAX)
#define simde_wasm_f32x4_min samestep_f32x4_min
#define simde_wasm_f32x4_max samestep_f32x4_max
#define simde_wasm_f64x2_min samestep_f64x2_min
#define simde_wasm_f64x2_max samestep_f64x2_max
#endif
