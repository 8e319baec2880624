import type { Logger } from '@exprsn/core'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import { MessageChannel } from 'node:worker_threads'
import { release } from '../../seal/index.ts'
import type { SnapshotProblem } from '../../repository/index.ts'
import type { SavedTree } from './save-tree.ts'
import type { WalkAnswer, WalkCall, WalkCalls, WalkOrder } from './walk-calls.ts'
import type { WalkSession } from './walk-files.ts'
import type { WalkTasks } from './walk.worker.ts'

/** What a walk in a thread has to do with here. */
export interface WalkThreadContext {
  readonly session: Promise<WalkSession>
  readonly onBytes: (bytes: number) => void
  readonly logger: Logger
  readonly signal: AbortSignal | undefined
}

/** What came of it. */
export interface ThreadedWalk {
  readonly saved: SavedTree
  readonly problems: { readonly first: readonly SnapshotProblem[]; readonly count: number }
  /** For the cache; undefined where there is none. */
  readonly found: Uint8Array | undefined
}

/** MiB: what a walk makes is soon forgotten, and V8 would let it pile up in the host's own heap. */
const maxYoungMemory = 24
/**
 * MiB: enough for a folder of a million entries. Below 2 GB V8 looks for what is not needed when the heap has doubled since it
 * last did, from there on when it is four times as large (its `MemoryController::MaxGrowingFactor`).
 */
const maxMemory = 2_000

/**
 * Walks files in a thread of its own, whose heap is small; the repository stays in this one.
 *
 * @throws what the walk and the repository throw; `CORE_WORKERS_ENTRY_FAILED` where the worker's file cannot be loaded
 */
export async function walkInThread(order: WalkOrder, context: WalkThreadContext): Promise<ThreadedWalk> {
  const { signal } = context
  const pool = createWorkerPool<WalkTasks>({
    entry: workerEntry(import.meta.url, './walk.worker.ts'),
    threads: 1,
    maxYoungMemory,
    maxMemory,
  })
  const { port1, port2 } = new MessageChannel()
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal!.reason)
  signal?.throwIfAborted()
  signal?.addEventListener('abort', onAbort, { once: true })
  const calls = callsOf(context)
  port1.on('message', ({ id, name, data }: WalkCall) => {
    Promise.resolve(calls[name](data as never)).then(
      (value) => port1.postMessage({ id, value } satisfies WalkAnswer, value instanceof ArrayBuffer ? [value] : []),
      (error: unknown) => stop.abort(error),
    )
  })
  try {
    return await pool.run('walk', { order, port: port2 }, { transfer: [port2], signal: stop.signal })
  } finally {
    signal?.removeEventListener('abort', onAbort)
    port1.close()
    await pool.close()
  }
}

type Answers = { readonly [Name in keyof WalkCalls]: (data: never) => unknown }

function callsOf({ session, onBytes, logger }: WalkThreadContext): Answers {
  return {
    async session() {
      const { parentTree, settings } = await session
      return { parentTree, settings } satisfies ReturnType<WalkCalls['session']>
    },
    known: async () => (await (await session).known()).memory,
    async saveTree(content: Uint8Array) {
      // A walk in a thread has no parent's trees to compare with.
      const id = await (await session).saveTree(content, false)
      release(content)
      return id
    },
    savePack: async (pack: Parameters<WalkCalls['savePack']>[0]) => (await session).savePack(pack),
    bytes: onBytes,
    warn: ({ error, message }: Parameters<WalkCalls['warn']>[0]) => logger.warn({ err: error }, message),
  }
}
