// What the C of wasm2c needs of a runtime, for a closed module: one memory that never grows, no table, no host.
#ifndef WASM_RT_H
#define WASM_RT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Every access is checked by a comparison: there is no guard page whose signal somebody would have to catch.
#define WASM_RT_MEMCHECK_GUARD_PAGES 0
#define WASM_RT_STACK_DEPTH_COUNT 0
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_SANITY_CHECKS 0

#if defined(__GNUC__)
#define wasm_rt_memcpy __builtin_memcpy
#endif
#define wasm_rt_unreachable __builtin_unreachable
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define WASM_RT_TRAPS(TRAP) \
  TRAP(OOB) TRAP(INT_OVERFLOW) TRAP(DIV_BY_ZERO) TRAP(INVALID_CONVERSION) TRAP(UNREACHABLE) TRAP(CALL_INDIRECT) \
  TRAP(EXHAUSTION)
#define WASM_RT_TRAP_NUMBER(name) WASM_RT_TRAP_##name,
typedef enum { WASM_RT_TRAP_NONE, WASM_RT_TRAPS(WASM_RT_TRAP_NUMBER) } wasm_rt_trap_t;

// The program's answer to a trap: it says so, and ends.
_Noreturn void wasm_rt_trap(wasm_rt_trap_t trap);

typedef struct {
  uint8_t* data;
  uint64_t pages;
  uint64_t size;
} wasm_rt_memory_t;

static inline bool wasm_rt_is_initialized(void) { return true; }

static inline void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t pages, uint64_t max_pages, bool is64,
                                           uint32_t page_bytes) {
  (void)max_pages, (void)is64;
  memory->pages = pages;
  memory->size = pages * page_bytes;
  memory->data = calloc(pages, page_bytes);
  if (memory->data == NULL) abort();
}

static inline void wasm_rt_free_memory(wasm_rt_memory_t* memory) { free(memory->data); }

// Named in the declarations of every module, used by none without a table.
typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64, WASM_RT_V128 } wasm_rt_type_t;
typedef const char* wasm_rt_func_type_t;
typedef void (*wasm_rt_function_ptr_t)(void);
typedef struct wasm_rt_tailcallee_t {
  void (*fn)(void** instance_ptr, void* tail_call_stack, struct wasm_rt_tailcallee_t* next);
} wasm_rt_tailcallee_t;
typedef struct {
  wasm_rt_func_type_t func_type;
  wasm_rt_function_ptr_t func;
  wasm_rt_tailcallee_t func_tailcallee;
  void* module_instance;
} wasm_rt_funcref_t;
typedef void* wasm_rt_externref_t;
typedef struct {
  wasm_rt_funcref_t* data;
  uint32_t max_size, size;
} wasm_rt_funcref_table_t;
typedef struct {
  wasm_rt_externref_t* data;
  uint32_t max_size, size;
} wasm_rt_externref_table_t;
static const wasm_rt_funcref_t wasm_rt_funcref_null_value;
static const wasm_rt_externref_t wasm_rt_externref_null_value;

#endif
