/**
 * Constants of the shared words. Generated from native/include/signal_kernel.h by
 * `npm run layout`; not to be edited.
 */
export const SK_ABI = 4;
export const SK_SLOT_WORDS = 8;
export const SK_PICTURE_HEAD_WORDS = 3;
export const SK_PICTURE_NODE_WORDS = 5;
export const SK_PICTURE_TASK_WORDS = 6;
export const SK_VERSION_WORDS = 4;
export const SK_E_NO_MEMORY = -1;
export const SK_E_LIMIT = -2;
export const SK_E_INVALID = -3;
export const SK_E_DISPOSED = -4;
export const SK_E_STATE = -5;
export const SK_BLOCK_HEADER = 0;
export const SK_BLOCK_SLOTS = 1;
export const SK_BLOCK_JOURNAL = 2;
export const SK_BLOCK_PENDING = 3;
export const SK_BLOCK_RUN = 4;
export const SK_BLOCK_FRESH = 5;
export const SK_BLOCK_TXN = 6;
export const SK_BLOCK_VERSIONS = 7;
export const SK_BLOCK_CONFLICTS = 8;
export const SK_BLOCK_PICTURE = 9;
export const SK_BLOCK_SHARED_COUNT = 10;
export const SK_BLOCK_QUEUE = 10;
export const SK_BLOCK_FRAMES = 11;
export const SK_BLOCK_TASKS = 12;
export const SK_BLOCK_STAGINGS = 13;
export const SK_BLOCK_TOUCHES = 14;
export const SK_BLOCK_BUCKETS = 15;
export const SK_BLOCK_KERNEL = 16;
export const SK_BLOCK_COUNT = 17;
export const SK_H_ABI = 0;
export const SK_H_REMADE = 1;
export const SK_H_JOURNAL_LEN = 2;
export const SK_H_JOURNAL_CAP = 3;
export const SK_H_PENDING_LEN = 4;
export const SK_H_PENDING_CAP = 5;
export const SK_H_RUN_LEN = 6;
export const SK_H_QUEUED = 7;
export const SK_H_RUN_TAKEN = 8;
export const SK_H_FRESH_LEN = 9;
export const SK_H_TXN_LEN = 10;
export const SK_H_TXN_CAP = 11;
export const SK_H_RELEASED = 12;
export const SK_H_REAPED = 13;
export const SK_H_UP_TO = 14;
export const SK_H_OLDEST = 15;
export const SK_H_WORDS = 32;
export const SK_N_FLAGS = 0;
export const SK_N_DEPS = 1;
export const SK_N_SCRATCH = 2;
export const SK_N_SUBS = 3;
export const SK_N_SUBS_TAIL = 4;
export const SK_N_NEXT = 5;
export const SK_N_PINS = 6;
export const SK_N_GENERATION = 7;
export const SK_N_VERSION = 1;
export const SK_N_SINCE = 5;
export const SK_N_PRIORITY = 6;
export const SK_N_ORDER_LOW = 3;
export const SK_N_ORDER_HIGH = 4;
export const SK_E_DEP = 0;
export const SK_E_SUB = 1;
export const SK_E_NEXT_DEP = 2;
export const SK_E_NEXT_SUB = 3;
export const SK_E_PREV_SUB = 4;
export const SK_E_SCRATCH = 5;
export const SK_EDGE = 0;
export const SK_SIGNAL = 1;
export const SK_COMPUTED = 2;
export const SK_EFFECT = 3;
export const SK_FREE = 4;
export const SK_TAKEN = 5;
export const SK_TAG_MASK = 7;
export const SK_STALE = 8;
export const SK_QUEUED = 16;
export const SK_DEAD = 32;
export const SK_ORPHAN = 64;
export const SK_RELINKED = 128;
export const SK_CYCLIC = 256;
export const SK_OP_EFFECT = 1;
export const SK_OP_LINK = 2;
export const SK_OP_DISPOSE = 3;
export const SK_OP_WAKE = 4;
export const SK_P_NODES = 0;
export const SK_P_EDGES = 1;
export const SK_P_TASKS = 2;
export const SK_PN_ID = 0;
export const SK_PN_FLAGS = 1;
export const SK_PN_GENERATION = 2;
export const SK_PN_PRIORITY = 3;
export const SK_PN_DEPS = 4;
export const SK_PT_LOW = 0;
export const SK_PT_HIGH = 1;
export const SK_PT_KIND = 2;
export const SK_PT_STATE = 3;
export const SK_PT_VERSION_LOW = 4;
export const SK_PT_VERSION_HIGH = 5;
export const SK_V_LOW = 0;
export const SK_V_HIGH = 1;
export const SK_V_TOUCHES = 2;
export const SK_V_NEXT = 3;
export const SK_TOUCH_READ = 1;
export const SK_TOUCH_WRITE = 2;
export const SK_TASK_SINGLE = 0;
export const SK_TASK_STREAM = 1;
export const SK_TASK_IDLE = 0;
export const SK_TASK_PENDING = 1;
export const SK_TASK_STREAMING = 2;
export const SK_TASK_SUCCESS = 3;
export const SK_TASK_ERROR = 4;
export const SK_TASK_CANCELLED = 5;
export const SK_COMMIT = 0;
export const SK_IS_STALE = 1;
export const SK_IS_CANCELLED = 2;

/** Stable error codes by kernel status. */
export const SK_ERROR_CODES: Readonly<Record<number, string>> = {
  [SK_E_NO_MEMORY]: "ERR_SK_OUT_OF_MEMORY",
  [SK_E_LIMIT]: "ERR_SK_LIMIT",
  [SK_E_INVALID]: "ERR_SK_INVALID_ARG",
  [SK_E_DISPOSED]: "ERR_SK_DISPOSED",
  [SK_E_STATE]: "ERR_SK_STATE",
};
