/*
 * inspect.c - writes what the graph looks like: all live nodes with what they read, all live tasks.
 *
 *      PICTURE   nodes edges tasks | id flags generation priority count dep*count | ... | task | ...
 *
 * Two passes over the slots: the first counts, so that all room is there before anything is marked, the
 * second writes. Each edge is followed once: the work is linear in the size of the kernel.
 */
#include "kernel.h"

#define NODES (1u << SK_SIGNAL | 1u << SK_COMPUTED | 1u << SK_EFFECT)

static uint32_t count_nodes(const sk_kernel_t *k) {
  uint32_t nodes = 0;
  for (uint32_t i = 1; i < k->slots_used; i++) nodes += sk__graph_is(k, i * SK_SLOT_WORDS, NODES);
  return nodes;
}

int sk__inspect_reserve(sk_kernel_t *k) {
  uint64_t words = SK_PICTURE_HEAD_WORDS + k->edges +
                   (uint64_t)count_nodes(k) * SK_PICTURE_NODE_WORDS +
                   (uint64_t)k->tasks.live * SK_PICTURE_TASK_WORDS;
  if (words > UINT32_MAX) return SK_E_LIMIT;
  return sk__memory_block(k, SK_BLOCK_PICTURE, (uint32_t)words);
}

/* Writes a node and its dependencies to `at`, and returns where the next one goes. */
static uint32_t *write_node(const sk_kernel_t *k, sk_id_t id, uint32_t *at) {
  const uint32_t *slots = SK__SLOTS(k);
  uint32_t flags = slots[id + SK_N_FLAGS];
  uint32_t tag = flags & SK_TAG_MASK;
  uint32_t *deps = at + SK_PICTURE_NODE_WORDS;
  at[SK_PN_ID] = id;
  at[SK_PN_FLAGS] = flags;
  at[SK_PN_GENERATION] = slots[id + SK_N_GENERATION];
  at[SK_PN_PRIORITY] = tag == SK_EFFECT ? slots[id + SK_N_PRIORITY] : 0;
  /* In this word a signal has its record in VERSIONS. */
  if (tag != SK_SIGNAL)
    for (sk_id_t edge = slots[id + SK_N_DEPS]; edge != 0; edge = slots[edge + SK_E_NEXT_DEP])
      *deps++ = slots[edge + SK_E_DEP];
  at[SK_PN_DEPS] = (uint32_t)(deps - at) - SK_PICTURE_NODE_WORDS;
  return deps;
}

static uint32_t *write_task(const sk__task_t *task, uint32_t index, uint32_t *at) {
  uint64_t handle = sk__table_handle(&task->entry, index);
  at[SK_PT_LOW] = (uint32_t)handle;
  at[SK_PT_HIGH] = (uint32_t)(handle >> 32);
  at[SK_PT_KIND] = task->kind;
  at[SK_PT_STATE] = task->state;
  at[SK_PT_VERSION_LOW] = (uint32_t)task->version;
  at[SK_PT_VERSION_HIGH] = (uint32_t)(task->version >> 32);
  return at + SK_PICTURE_TASK_WORDS;
}

void sk__inspect_fill(sk_kernel_t *k) {
  uint32_t *head = k->block[SK_BLOCK_PICTURE].at;
  uint32_t *at = head + SK_PICTURE_HEAD_WORDS;
  uint32_t nodes = 0;
  for (uint32_t i = 1; i < k->slots_used; i++) {
    if (!sk__graph_is(k, i * SK_SLOT_WORDS, NODES)) continue;
    at = write_node(k, i * SK_SLOT_WORDS, at);
    nodes++;
  }
  const sk__task_t *tasks = k->tasks.at;
  for (uint32_t i = 1; i < k->tasks.used; i++)
    if (tasks[i].entry.live) at = write_task(&tasks[i], i, at);
  head[SK_P_NODES] = nodes;
  head[SK_P_EDGES] = (uint32_t)k->edges;
  head[SK_P_TASKS] = k->tasks.live;
  assert((size_t)(at - head) == SK_PICTURE_HEAD_WORDS + k->edges +
                                    (size_t)nodes * SK_PICTURE_NODE_WORDS +
                                    (size_t)k->tasks.live * SK_PICTURE_TASK_WORDS);
}
